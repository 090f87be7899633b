#!/usr/bin/env bash
# Checks what lies in dist/packages, writes its SHA256SUMS, and prints the sizes: packaging/sums.sh VERSION
# RELEASE=yes, as the release workflow has it, refuses whatever is not fit to be published.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?usage: sums.sh VERSION}
cd dist/packages
rm -f SHA256SUMS

if [ "${RELEASE:-}" = yes ]; then
  [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || { echo "$version is not the version of a release: tag the commit" >&2; exit 1; }
  for file in *; do
    case $file in
      *-test-signed* | *-unsigned* | *-quick*) echo "$file must not be published: its name says why" >&2; exit 1 ;;
      Stepdeck-"$version"-*) ;;
      *) echo "$file is no package of version $version" >&2; exit 1 ;;
    esac
    ! grep -qa 'TEST ONLY' "$file" || { echo "$file must not be published: it carries a certificate for tests" >&2; exit 1; }
  done
fi

most() { # megabytes that a package may have
  case $1 in
    *-setup*.exe) echo 20 ;;
    *.deb) echo 15 ;;
    *) echo 30 ;;
  esac
}
status=0
for file in *; do
  bytes=$(wc -c <"$file")
  awk -v n="$bytes" -v f="$file" 'BEGIN { printf "%6.1f MB  %s\n", n / 1e6, f }'
  case $file in *-quick-*) continue ;; esac
  [ "$bytes" -le "$(($(most "$file") * 1000000))" ] || { echo "$file is larger than $(most "$file") MB" >&2; status=1; }
done
sha256sum -- * >SHA256SUMS
exit "$status"
