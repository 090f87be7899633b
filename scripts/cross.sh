#!/usr/bin/env bash
# Builds both programs for Windows into dist/windows, and type-checks all code and tests for the systems whose C
# compiler is not at hand: macOS on both processors, Windows on arm64.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?usage: scripts/cross.sh LDFLAGS}

# The window's tag is the one it ships with: off, Fyne names calls from a wrong goroutine; on, it trusts them to be gone.
windows() { GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc go build -trimpath -tags migrated_fynedo "$@"; }
windows -ldflags "$version -s -w -extldflags=-static" -o dist/windows/bin/stepdeck.exe ./cmd/stepdeck
windows -ldflags "$version -s -w -extldflags=-static -H=windowsgui" -o dist/windows/Stepdeck.exe .

# Nothing but Windows' own libraries may be asked for: a stray libwinpthread or libgcc is on no user's machine.
imports() { x86_64-w64-mingw32-objdump -p "$1" | sed -n 's/.*DLL Name: //p' | sort -fu; }
expect() {
  local program=$1 stray
  shift
  stray=$(imports "$program" | grep -vixF "$(printf '%s\n' "$@")" || true)
  [ -z "$stray" ] || { printf '%s asks for libraries that it must not need: %s\n' "$program" "$(echo "$stray" | tr '\n' ' ')"; exit 1; }
  printf '%s: %s bytes, needs %s\n' "$program" "$(wc -c <"$program" | tr -d ' ')" "$(imports "$program" | tr '\n' ' ')"
}
expect dist/windows/bin/stepdeck.exe KERNEL32.dll msvcrt.dll
expect dist/windows/Stepdeck.exe GDI32.dll KERNEL32.dll msvcrt.dll OPENGL32.dll SHELL32.dll USER32.dll

xcheck=bin/tools/xcheck
for target in darwin/arm64 darwin/amd64 windows/arm64 windows/amd64; do
  "$xcheck" -os "${target%/*}" -arch "${target#*/}" -test ./...
done

for target in darwin/arm64 windows/arm64; do
  system=${target%/*} arch=${target#*/}
  # shellcheck disable=SC2046 # a list of packages, which hold no blanks
  GOOS=$system GOARCH=$arch CGO_ENABLED=0 go vet $("$xcheck" -os "$system" -arch "$arch" -test -nocgo ./...)
done
