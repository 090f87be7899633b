#!/usr/bin/env bash
# Builds the three programs for macOS, each for both processors in one file, into dist/macos: packaging/macos/build.sh VERSION COMMIT
# Runs on a Mac with Xcode's command line tools only: Apple's headers are nowhere else.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=${1:?usage: build.sh VERSION COMMIT} commit=${2:?usage: build.sh VERSION COMMIT}
[ "$(uname -s)" = Darwin ] || { echo "The programs for macOS are built on a Mac. Here, make cross checks their types." >&2; exit 1; }

export CGO_ENABLED=1 MACOSX_DEPLOYMENT_TARGET=12.0 # what Go itself needs
build() { # build OUTPUT PACKAGE
  local arch parts=()
  for arch in arm64:arm64 amd64:x86_64; do
    GOARCH=${arch%:*} CC="clang -arch ${arch#*:}" go build -trimpath -buildvcs=false -tags migrated_fynedo,sqlite_omit_load_extension \
      -ldflags "-s -w -X main.version=$version -X main.commit=$commit" -o "$1-${arch%:*}" "$2"
    parts+=("$1-${arch%:*}")
  done
  lipo -create -output "$1" "${parts[@]}"
  lipo "$1" -verify_arch arm64 x86_64
  # Nothing but what macOS brings may be asked for: libraries of a package manager are on no user's Mac.
  if otool -L "$1" | awk 'NR > 1 && /^\t/ { print $1 }' | grep -vE '^(/usr/lib/|/System/Library/)'; then
    echo "$1 needs libraries that a user's Mac does not have" >&2
    exit 1
  fi
}
mkdir -p dist/macos
build dist/macos/stepdeck ./cmd/stepdeck
build dist/macos/stepdeck-supervisor ./cmd/stepdeck-supervisor
build dist/macos/stepdeck-window .
