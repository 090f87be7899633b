#!/usr/bin/env bash
# Builds the three programs for Windows, unsigned, with icon, version and manifest: packaging/windows/build.sh VERSION COMMIT
# They land in dist/windows as they will lie on a user's disk. The same sources, compilers and version give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=${1:?usage: build.sh VERSION COMMIT} commit=${2:?usage: build.sh VERSION COMMIT}
numbers=$(scripts/version.sh --numbers "$version")

mkdir -p dist/icons
for picture in stepdeck.ico side.bmp; do
  [ "dist/icons/$picture" -nt bin/tools/icon ] || bin/tools/icon "dist/icons/$picture"
done

resources() { # resources NAME FOLDER puts what Windows shows of a program where the build finds it
  rm -f "$2"/rsrc_windows_*.syso
  bin/tools/go-winres make --in "packaging/windows/winres/$1.json" --arch amd64 --out "$2/rsrc" \
    --file-version "$numbers" --product-version "$version"
}
resources window .
resources command cmd/stepdeck
resources supervisor cmd/stepdeck-supervisor

# These flags are the only ones that Windows' programs are built with: other ones compile the C of SQLite and of the
# window toolkit once more, which takes many minutes. The tag is the one that the window ships with: off, Fyne names calls
# from a wrong goroutine; on, it trusts them to be gone.
build() { # build OUTPUT PACKAGE [LINKER FLAGS]
  GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc go build -trimpath -buildvcs=false \
    -tags migrated_fynedo -ldflags "-s -w -X main.version=$version -X main.commit=$commit -extldflags=-static ${3:-}" -o "$1" "$2"
}
build dist/windows/bin/stepdeck.exe ./cmd/stepdeck
build dist/windows/bin/stepdeck-supervisor.exe ./cmd/stepdeck-supervisor
build dist/windows/Stepdeck.exe . -H=windowsgui

# Nothing but Windows' own libraries may be asked for: a stray libwinpthread or libgcc is on no user's machine.
imports() { x86_64-w64-mingw32-objdump -p "$1" | sed -n 's/.*DLL Name: //p' | sort -fu; }
expect() { # expect PROGRAM LIBRARY...
  local program=$1 stray
  shift
  stray=$(imports "$program" | grep -vixF "$(printf '%s\n' "$@")" || true)
  [ -z "$stray" ] || { printf '%s asks for libraries that it must not need: %s\n' "$program" "$(echo "$stray" | tr '\n' ' ')"; exit 1; }
  printf '%s: %s bytes, needs %s\n' "$program" "$(wc -c <"$program" | tr -d ' ')" "$(imports "$program" | tr '\n' ' ')"
}
expect dist/windows/bin/stepdeck.exe KERNEL32.dll msvcrt.dll
expect dist/windows/bin/stepdeck-supervisor.exe KERNEL32.dll
expect dist/windows/Stepdeck.exe GDI32.dll KERNEL32.dll msvcrt.dll OPENGL32.dll SHELL32.dll USER32.dll
