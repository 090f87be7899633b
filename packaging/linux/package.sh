#!/usr/bin/env bash
# Makes the .deb and the .tar.gz out of dist/linux, in dist/packages: packaging/linux/package.sh VERSION
set -euo pipefail
cd "$(dirname "$0")/../.."

version=${1:?usage: package.sh VERSION}
arch=$(go env GOARCH)
name=Stepdeck-$version-linux-$arch
stage=dist/stage/linux root=dist/stage/linux/$name
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}
export SOURCE_DATE_EPOCH
umask 022

# One layout for both: the archive is unpacked over /usr/local or ~/.local.
rm -rf "$stage"
mkdir -p "$root/bin"
install -D -m 755 -t "$root/lib/stepdeck" dist/linux/stepdeck dist/linux/stepdeck-supervisor dist/linux/stepdeck-window
ln -s ../lib/stepdeck/stepdeck ../lib/stepdeck/stepdeck-window "$root/bin/"
cp -R packaging/linux/share "$root/"
install -D -m 644 LICENSE "$root/share/doc/stepdeck/copyright"
install -m 644 -t "$root/share/doc/stepdeck" CHANGELOG.md dist/notices/linux/THIRD-PARTY-NOTICES.txt dist/notices/linux/sbom.cdx.json
for size in 16 24 32 48 64 128 256 512; do
  folder=$root/share/icons/hicolor/${size}x$size
  mkdir -p "$folder/apps" "$folder/mimetypes"
  bin/tools/icon -size "$size" "$folder/apps/io.github.stepdeck.stepdeck.png"
  cp "$folder/apps/io.github.stepdeck.stepdeck.png" "$folder/mimetypes/application-x-stepdeck.png"
done
for shell in bash:bash-completion/completions/stepdeck zsh:zsh/site-functions/_stepdeck fish:fish/vendor_completions.d/stepdeck.fish; do
  mkdir -p "$(dirname "$root/share/${shell#*:}")"
  dist/linux/stepdeck completion "${shell%%:*}" >"$root/share/${shell#*:}"
done
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p dist/packages
rm -f dist/packages/[Ss]tepdeck[-_]*linux-* dist/packages/stepdeck_*.deb
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$stage" -cf - "$name" | gzip -9n >"dist/packages/$name.tar.gz"
sed -e "s|@VERSION@|$version|" -e "s|@ARCH@|$arch|" -e "s|@ROOT@|$root|" packaging/linux/nfpm.yaml >"$stage/nfpm.yaml"
bin/tools/nfpm package --config "$stage/nfpm.yaml" --packager deb --target "$stage/plain.deb" >"$stage/nfpm.log" || { cat "$stage/nfpm.log" >&2; exit 1; }

# What nfpm packs itself is half as large again. Both programs share most of their code, which a large window over
# machine code sees. Every dpkg reads this.
filters=(--lzma2=preset=9e)
[ "$arch" != amd64 ] || filters=(--x86 "${filters[@]}")
(
  cd "$stage"
  ar x plain.deb
  xz --threads=1 --check=crc32 "${filters[@]}" data.tar
  ar rcD packed.deb debian-binary control.tar.* data.tar.xz
)
mv "$stage/packed.deb" "dist/packages/$name.deb"
