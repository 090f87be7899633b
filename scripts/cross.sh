#!/usr/bin/env bash
# Type-checks all code and tests for the systems whose C compiler is not at hand: macOS on both processors, Windows on arm64.
set -euo pipefail
cd "$(dirname "$0")/.."

xcheck=bin/tools/xcheck
for target in darwin/arm64 darwin/amd64 windows/arm64 windows/amd64; do
  "$xcheck" -os "${target%/*}" -arch "${target#*/}" -test ./...
done

for target in darwin/arm64 windows/arm64; do
  system=${target%/*} arch=${target#*/}
  # shellcheck disable=SC2046 # a list of packages, which hold no blanks
  GOOS=$system GOARCH=$arch CGO_ENABLED=0 go vet $("$xcheck" -os "$system" -arch "$arch" -test -nocgo ./...)
done
