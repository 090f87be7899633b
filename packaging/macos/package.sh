#!/usr/bin/env bash
# Makes Stepdeck.app, a .pkg and a .dmg out of dist/macos, in dist/packages: packaging/macos/package.sh VERSION
# MACOS_SIGN_APP, MACOS_SIGN_PKG: "Developer ID Application: Name (TEAM)" and "Developer ID Installer: ..." in the keychain.
#   Without them the app is signed for this Mac alone, the .pkg not at all, and the names of the files say so.
# NOTARY_KEY (file, .p8), NOTARY_KEY_ID, NOTARY_ISSUER: key of App Store Connect. With it both are notarised and stapled.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=${1:?usage: package.sh VERSION}
[ "$(uname -s)" = Darwin ] || { echo "Packages for macOS are made on a Mac." >&2; exit 1; }
here=packaging/macos id=io.github.stepdeck.stepdeck
stage=dist/stage/macos
app=$stage/root/Applications/Stepdeck.app
numbers=$(scripts/version.sh --numbers "$version")
short=${numbers%.*}

mark=
[ -n "${MACOS_SIGN_APP:-}" ] && [ -n "${MACOS_SIGN_PKG:-}" ] && [ -n "${NOTARY_KEY:-}" ] || mark=-test-signed
name=Stepdeck-$version-macos-universal$mark

rm -rf "$stage"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Helpers" "$app/Contents/Resources" "$stage/root/usr/local/bin" dist/packages
rm -f dist/packages/Stepdeck-*-macos-*
cp dist/macos/stepdeck-window "$app/Contents/MacOS/Stepdeck"
cp dist/macos/stepdeck dist/macos/stepdeck-supervisor "$app/Contents/Helpers/"
bin/tools/icon "$app/Contents/Resources/stepdeck.icns"
cp LICENSE dist/notices/macos/THIRD-PARTY-NOTICES.txt dist/notices/macos/sbom.cdx.json "$app/Contents/Resources/"
# The first three numbers are the version that people see; the fourth tells builds of it apart.
sed -e "s/@VERSION@/$short/" -e "s/@BUILD@/$numbers/" "$here/Info.plist.in" >"$app/Contents/Info.plist"
plutil -lint "$app/Contents/Info.plist" "$here/entitlements.plist"
xattr -cr "$app"
ln -s /Applications/Stepdeck.app/Contents/Helpers/stepdeck "$stage/root/usr/local/bin/stepdeck"

# From the inside out, and never --deep, which would give the command the app's identity. An ad-hoc signature takes no
# hardened runtime: macOS 26 ends such programs at once.
sign() { # sign IDENTIFIER PATH
  if [ -n "${MACOS_SIGN_APP:-}" ]; then
    codesign --force --timestamp --options runtime --entitlements "$here/entitlements.plist" --identifier "$1" --sign "$MACOS_SIGN_APP" "$2"
  else
    codesign --force --identifier "$1" --sign - "$2"
  fi
  codesign --verify --strict --verbose=2 "$2"
}
sign "$id.supervisor" "$app/Contents/Helpers/stepdeck-supervisor"
sign "$id.command" "$app/Contents/Helpers/stepdeck"
sign "$id" "$app"

# The installer must not look for the app elsewhere and replace one that somebody keeps in another folder.
pkgbuild --analyze --root "$stage/root" "$stage/components.plist"
plutil -replace 0.BundleIsRelocatable -bool NO "$stage/components.plist"
pkgbuild --root "$stage/root" --component-plist "$stage/components.plist" --identifier "$id.pkg" --version "$numbers" \
  --install-location / --min-os-version 12.0 "$stage/Stepdeck-component.pkg"
sed -e "s/@VERSION@/$numbers/" "$here/distribution.xml.in" >"$stage/distribution.xml"
pkg=dist/packages/$name.pkg dmg=dist/packages/$name.dmg
if [ -n "${MACOS_SIGN_PKG:-}" ]; then
  productbuild --distribution "$stage/distribution.xml" --package-path "$stage" --sign "$MACOS_SIGN_PKG" --timestamp "$pkg"
  pkgutil --check-signature "$pkg"
else
  productbuild --distribution "$stage/distribution.xml" --package-path "$stage" "$pkg"
fi

if [ -n "${NOTARY_KEY:-}" ]; then
  ditto -c -k --keepParent "$app" "$stage/app.zip"
  "$here/notarize.sh" "$stage/app.zip"
  xcrun stapler staple "$app" # so that the copy in the image opens without the internet
  "$here/notarize.sh" "$pkg"
  xcrun stapler staple "$pkg"
  xcrun stapler validate "$pkg"
  spctl --assess --type install --verbose=2 "$pkg"
fi

mkdir -p "$stage/image"
ditto "$app" "$stage/image/Stepdeck.app"
ln -s /Applications "$stage/image/Applications"
hdiutil create -quiet -fs HFS+ -format ULMO -volname "Stepdeck $version" -srcfolder "$stage/image" "$dmg"
if [ -n "${MACOS_SIGN_APP:-}" ]; then
  codesign --force --timestamp --sign "$MACOS_SIGN_APP" "$dmg"
fi
if [ -n "${NOTARY_KEY:-}" ]; then
  "$here/notarize.sh" "$dmg"
  xcrun stapler staple "$dmg"
  spctl --assess --type open --context context:primary-signature --verbose=2 "$dmg"
fi
