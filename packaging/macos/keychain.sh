#!/usr/bin/env bash
# Puts the certificates of a release into a keychain of their own, for a build machine: keychain.sh open|close
# open reads MACOS_CERTIFICATES (a .p12 with both Developer ID certificates, in base64) and MACOS_CERTIFICATES_PASSWORD.
set -euo pipefail

keychain=${RUNNER_TEMP:?}/release.keychain-db
case ${1:-} in
  open)
    password=$(openssl rand -hex 16)
    security create-keychain -p "$password" "$keychain"
    security set-keychain-settings -lut 7200 "$keychain"
    security unlock-keychain -p "$password" "$keychain"
    umask 077
    printf %s "${MACOS_CERTIFICATES:?}" | base64 -D >"$RUNNER_TEMP/certificates.p12"
    security import "$RUNNER_TEMP/certificates.p12" -k "$keychain" -P "${MACOS_CERTIFICATES_PASSWORD:?}" -T /usr/bin/codesign -T /usr/bin/productbuild
    rm "$RUNNER_TEMP/certificates.p12"
    # Without this list, codesign asks a person who is not there.
    security set-key-partition-list -S apple-tool:,apple: -s -k "$password" "$keychain" >/dev/null
    security list-keychains -d user -s "$keychain" login.keychain-db
    ;;
  close) security delete-keychain "$keychain" ;;
  *) echo "usage: keychain.sh open|close" >&2; exit 1 ;;
esac
