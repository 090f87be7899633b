#!/usr/bin/env bash
# Makes what the tests install: make-packages.sh FOLDER VERSION
# In a copy of the sources below FOLDER, so that nothing in dist is touched: setup programs and MSI of VERSION in FOLDER/new,
# and in FOLDER/old those of an older version, which brings a file that the new one does not have. Signed with a test
# certificate, packed quickly.
set -euo pipefail
cd "$(dirname "$0")/../../.."

top=$PWD
work=${1:?usage: make-packages.sh FOLDER VERSION} version=${2:?usage: make-packages.sh FOLDER VERSION}
older=0.0.1
mkdir -p "$work"
work=$(cd "$work" && pwd)
copy=$work/sources
rm -rf "$copy" "$work/old" "$work/new" "$work/window"
mkdir -p "$copy/bin"
{ git ls-files -co --exclude-standard 2>/dev/null || find . \( -path ./bin -o -path ./dist -o -path ./tmp \) -prune -o -type f -print; } |
  while IFS= read -r file; do [ ! -f "$file" ] || printf '%s\n' "$file"; done | tar -cf - -T - | tar -xf - -C "$copy"
ln -s "$top/bin/tools" "$copy/bin/tools"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)
commit=$(scripts/commit.sh)
export SOURCE_DATE_EPOCH QUICK=yes STEPDECK_SIGN=test
cd "$copy"

build() { # build VERSION FOLDER
  packaging/windows/build.sh "$1" "$commit"
  packaging/notices.sh windows "$1"
  packaging/windows/package.sh all "$1"
  mkdir "$2"
  mv dist/packages/*-windows-* "$2/"
  cp dist/test-signing/root.pem "$2/"
}

build "$version" "$work/new"
# The same window once more, but one that tells what it shows; see e2e.
mkdir -p "$work/window/bin"
cp dist/windows/bin/*.exe "$work/window/bin/"
GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc go build -trimpath -buildvcs=false -tags migrated_fynedo,e2e \
  -ldflags "-s -w -X main.version=$version -X main.commit=$commit -extldflags=-static -H=windowsgui" -o "$work/window/Stepdeck.exe" .

edit() { # edit FILE PATTERN LINE puts a line behind the one that matches
  [ "$(grep -c -- "$2" "$1")" = 1 ] || { echo "make-packages.sh: $1 does not have \"$2\" once" >&2; exit 1; }
  sed -i "/$2/a $3" "$1"
}
# shellcheck disable=SC2016 # the dollar signs are for NSIS and wixl
{
  edit packaging/windows/stepdeck.nsi '^ *File "${STAGE}\/LICENSE.txt"' 'File "/oname=old-only.txt" "${STAGE}/LICENSE.txt"'
  edit packaging/windows/stepdeck.nsi '^ *Delete "$INSTDIR\\LICENSE.txt"' 'Delete "$INSTDIR\\old-only.txt"'
  edit packaging/windows/stepdeck.wxs '<File Id="LICENSE.txt"' '<File Id="old.txt" Name="old-only.txt" Source="$(var.STAGE)/LICENSE.txt"/>'
}
build "$older" "$work/old"
