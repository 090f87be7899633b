#!/usr/bin/env bash
# Signs programs and installers for Windows (Authenticode) and stamps them with the time:
#   sign.sh sign FILE...     signs each in place and verifies it
#   sign.sh verify FILE...   fails unless each carries a good signature with a stamp
#   sign.sh mark             prints what a file's name has to say of its signature; nothing, if it is a release's
# STEPDECK_SIGN says how:
#   test     (the default) with a certificate made on the spot that no computer trusts. The names of the files say so.
#   pkcs11   with a key in a token or an HSM. STEPDECK_SIGN_MODULE: its PKCS#11 library; STEPDECK_SIGN_KEY: pkcs11: address of
#            the key; STEPDECK_SIGN_CERTIFICATE: PEM file with the certificate and its chain; STEPDECK_SIGN_PIN_FILE
#   service  somebody else signs between the steps of package.sh. Without STEPDECK_SIGN_ROOTS it is only seen here that each
#            file carries a signature; whether Windows trusts it, Windows has to say (sign.yml, try-setup.ps1)
#   none     not at all, to compare builds
# STEPDECK_SIGN_STAMP is the address of a time stamp server (RFC 3161), STEPDECK_SIGN_ROOTS a PEM file of the authorities that
# signature and stamp must lead to, where the system's own list does not have them.
set -euo pipefail
cd "$(dirname "$0")/../.."

mode=${STEPDECK_SIGN:-test}
test=dist/test-signing
roots=${STEPDECK_SIGN_ROOTS:-/etc/ssl/certs/ca-certificates.crt}
[ "$mode" != test ] || roots=$test/root.pem
stamp_server=${STEPDECK_SIGN_STAMP:-http://timestamp.digicert.com}

die() { echo "sign.sh: $*" >&2; exit 1; }

# From 2.9 on osslsigncode can stamp by itself, with a test authority, so a trial needs no network.
stamps_itself() { grep -q -e -TSA-certs <(osslsigncode --help 2>&1); }

certify() { # certify NAME SUBJECT USAGE makes key and certificate of somebody whom the test root vouches for
  openssl req -newkey rsa:3072 -sha256 -nodes -keyout "$test/$1.key" -out "$test/$1.csr" -subj "$2" 2>/dev/null
  printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature "extendedKeyUsage=critical,$3" >"$test/$1.ext"
  openssl x509 -req -in "$test/$1.csr" -CA "$test/root.pem" -CAkey "$test/root.key" -CAcreateserial -days 30 -sha256 \
    -extfile "$test/$1.ext" -out "$test/$1.pem" 2>/dev/null
}

test_certificates() {
  if openssl x509 -in "$test/stamp.pem" -noout -checkend 86400 >/dev/null 2>&1; then return; fi
  rm -rf "$test"
  mkdir -p "$test"
  chmod 700 "$test"
  openssl req -x509 -newkey rsa:3072 -sha256 -days 30 -nodes -keyout "$test/root.key" -out "$test/root.pem" \
    -subj "/CN=TEST ONLY root of Stepdeck" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
  certify signer "/O=Stepdeck contributors/CN=TEST ONLY Stepdeck contributors" codeSigning
  certify stamp "/CN=TEST ONLY time stamps of Stepdeck" timeStamping
  cat "$test/signer.pem" "$test/root.pem" >"$test/chain.pem"
}

sign_one() {
  local file=$1 how=()
  case $mode in
    test)
      how=(-certs "$test/chain.pem" -key "$test/signer.key")
      if stamps_itself; then how+=(-TSA-certs "$test/stamp.pem" -TSA-key "$test/stamp.key"); fi
      ;;
    pkcs11)
      how=(-pkcs11module "${STEPDECK_SIGN_MODULE:?}" -key "${STEPDECK_SIGN_KEY:?}" -certs "${STEPDECK_SIGN_CERTIFICATE:?}")
      [ -z "${STEPDECK_SIGN_PIN_FILE:-}" ] || how+=(-readpass "$STEPDECK_SIGN_PIN_FILE")
      if [ "$stamp_server" = test ]; then
        how+=(-TSA-certs "$test/stamp.pem" -TSA-key "$test/stamp.key")
      else
        how+=(-ts "$stamp_server")
      fi
      ;;
  esac
  osslsigncode sign "${how[@]}" -h sha256 -n Stepdeck -i https://github.com/stepdeck/stepdeck -in "$file" -out "$file.signed" >"$file.said" 2>&1 ||
    { cat "$file.said" >&2; rm -f "$file.signed" "$file.said"; die "$file could not be signed"; }
  rm "$file.said"
  chmod --reference="$file" "$file.signed"
  mv "$file.signed" "$file"
}

verify_one() {
  local said
  if [ "$mode" = service ] && [ -z "${STEPDECK_SIGN_ROOTS:-}" ]; then
    said=$(mktemp -u)
    osslsigncode extract-signature -in "$1" -out "$said" >/dev/null 2>&1 || die "$1 carries no signature"
    rm -f "$said"
    return
  fi
  said=$(osslsigncode verify -CAfile "$roots" -TSA-CAfile "$roots" -in "$1" 2>&1) ||
    { printf '%s\n' "$said" >&2; die "the signature of $1 is not good"; }
  if [ "$mode" = test ] && ! stamps_itself; then return; fi
  grep -q 'Timestamp Server Signature verification: ok' <<<"$said" || die "$1 carries no time stamp"
}

case ${1:-}:$mode in
  mark:test) if stamps_itself; then echo -test-signed; else echo -test-signed-unstamped; fi ;;
  mark:none) echo -unsigned ;;
  mark:pkcs11 | mark:service) ! grep -q 'TEST ONLY' <(openssl storeutl -noout -text -certs "$roots" 2>/dev/null) || echo -test-signed ;;
  sign:none | verify:none) ;;
  sign:test | sign:pkcs11 | sign:service | verify:test | verify:pkcs11 | verify:service)
    todo=$1
    shift
    if [ "$mode" = test ] || [ "$stamp_server" = test ]; then test_certificates; fi
    for file in "$@"; do
      if [ "$todo:$mode" = sign:test ] || [ "$todo:$mode" = sign:pkcs11 ]; then sign_one "$file"; fi
      verify_one "$file"
    done
    ;;
  *) die "STEPDECK_SIGN is test, pkcs11, service or none; what to do is sign FILE..., verify FILE... or mark" ;;
esac
