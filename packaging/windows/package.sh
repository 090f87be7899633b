#!/usr/bin/env bash
# Makes Stepdeck's packages for Windows out of the programs in dist/windows: package.sh STEP VERSION
#   collect  gathers the programs and the uninstallers in dist/stage/windows/sign-1
#   pack     wraps them, signed by now, into setup programs and an MSI in dist/stage/windows/sign-2
#   finish   takes those, signed by now, to dist/packages, beside a zip for those who install nothing
#   all      does all of it, and signs in between as sign.sh is told to
# A service that signs elsewhere (STEPDECK_SIGN=service) is given the two folders between the steps.
# QUICK=yes packs less tightly, for tests; the file names say so.
set -euo pipefail
cd "$(dirname "$0")/../.."

step=${1:?usage: package.sh STEP VERSION} version=${2:?usage: package.sh STEP VERSION}
numbers=$(scripts/version.sh --numbers "$version")
stage=dist/stage/windows first=dist/stage/windows/sign-1 second=dist/stage/windows/sign-2 layout=dist/stage/windows/layout
sign=packaging/windows/sign.sh
name=Stepdeck-$version-windows-amd64${QUICK:+-quick}

# Everything packed carries the time of the commit, so that the same sources make the same packages.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}
export SOURCE_DATE_EPOCH TZ=UTC
stamp_files() { find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +; }

setup() { # setup SCOPE [ARGUMENT...] runs the script of the setup program
  local scope=$1
  shift
  stamp_files "$stage/pictures" # the service may have been given the folder, and lost the times
  makensis -V2 -NOCD -WX ${QUICK:+-DQUICK} "-DSCOPE=$scope" "-DVERSION=$version" "-DNUMBERS=$numbers" "-DICON=$stage/pictures/stepdeck.ico" "-DSIDE=$stage/pictures/side.bmp" \
    "$@" packaging/windows/stepdeck.nsi
}

collect() {
  rm -rf "$stage"
  mkdir -p "$first/bin" "$stage/pictures"
  cp dist/icons/stepdeck.ico dist/icons/side.bmp "$stage/pictures/"
  cp dist/windows/Stepdeck.exe "$first/"
  cp dist/windows/bin/stepdeck.exe dist/windows/bin/stepdeck-supervisor.exe "$first/bin/"
  for scope in user machine; do
    setup "$scope" "-DUNINSTALLER=$first/uninstall-$scope.exe"
    rm "$first/uninstall-$scope.exe.setup"
  done
  (cd "$first" && sha256sum -- *.exe bin/*.exe) >"$stage/unsigned.sha256"
}

pack() {
  "$sign" verify "$first"/*.exe "$first"/bin/*.exe
  rm -rf "$second" "$layout"
  mkdir -p "$second" "$layout"
  cp -R "$first"/. "$layout/"
  sed 's/$/\r/' LICENSE >"$layout/LICENSE.txt"
  sed 's/$/\r/' dist/notices/windows/THIRD-PARTY-NOTICES.txt >"$layout/THIRD-PARTY-NOTICES.txt"
  cp dist/notices/windows/sbom.cdx.json "$stage/pictures/stepdeck.ico" "$layout/"
  stamp_files "$layout"
  setup user "-DSTAGE=$layout" "-DOUT=$second/$name-setup.exe"
  setup machine "-DSTAGE=$layout" "-DOUT=$second/$name-setup-all-users.exe"
  packaging/windows/msi.sh "$version" "$layout" "$second/$name.msi"
  (cd "$second" && sha256sum -- *) >>"$stage/unsigned.sha256"
}

finish() {
  local file ending mark portable
  "$sign" verify "$second"/*
  mark=$("$sign" mark)
  mkdir -p dist/packages
  rm -f dist/packages/Stepdeck-*-windows-*
  for file in "$second"/*; do
    ending=${file##*.}
    cp "$file" "dist/packages/$(basename "$file" ".$ending")$mark.$ending"
  done
  portable=$stage/portable
  rm -rf "$portable"
  mkdir -p "$portable/Stepdeck/bin"
  cp "$layout/Stepdeck.exe" "$layout"/*.txt "$layout/sbom.cdx.json" "$portable/Stepdeck/"
  cp "$layout"/bin/*.exe "$portable/Stepdeck/bin/"
  stamp_files "$portable"
  (cd "$portable" && find Stepdeck -type f | LC_ALL=C sort | zip -q -X -9 -@ "$name$mark.zip")
  mv "$portable/$name$mark.zip" dist/packages/
  cp "$stage/unsigned.sha256" "dist/packages/$name$mark-before-signing.sha256"
}

case $step in
  collect | pack | finish) "$step" ;;
  all)
    collect
    "$sign" sign "$first"/*.exe "$first"/bin/*.exe
    pack
    "$sign" sign "$second"/*
    finish
    ;;
  *) echo "package.sh does collect, pack, finish or all" >&2; exit 1 ;;
esac
