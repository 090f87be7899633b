#!/usr/bin/env bash
# Builds the three programs for this kind of Linux computer into dist/linux: packaging/linux/build.sh VERSION COMMIT
set -euo pipefail
cd "$(dirname "$0")/../.."

version=${1:?usage: build.sh VERSION COMMIT} commit=${2:?usage: build.sh VERSION COMMIT}
[ "$(uname -s)" = Linux ] || { echo "The programs for Linux are built on Linux." >&2; exit 1; }

# One set of tags for all, so that SQLite is compiled once. The command is static: half of its start would be the loader's.
build() { # build OUTPUT PACKAGE [LINKER FLAGS]
  CGO_ENABLED=1 go build -trimpath -buildvcs=false -tags migrated_fynedo,netgo,osusergo,sqlite_omit_load_extension \
    -ldflags "-s -w -X main.version=$version -X main.commit=$commit ${3:-}" -o "$1" "$2"
}
build dist/linux/stepdeck ./cmd/stepdeck -extldflags=-static
build dist/linux/stepdeck-supervisor ./cmd/stepdeck-supervisor
build dist/linux/stepdeck-window .

# What the window needs of the system has to be among what the package depends on.
needs() { objdump -p "$1" | awk '$1 == "NEEDED" { print $2 }' | sort; }
expect() { # expect PROGRAM LIBRARY...
  local program=$1
  shift
  diff <(needs "$program") <(printf '%s\n' "$@" | sed '/^$/d' | sort) >/dev/null ||
    { echo "$program needs other libraries than its package says: $(needs "$program" | tr '\n' ' ')" >&2; exit 1; }
  printf '%s: %s bytes, needs %s\n' "$program" "$(wc -c <"$program")" "${*:-nothing}"
}
expect dist/linux/stepdeck
expect dist/linux/stepdeck-supervisor
expect dist/linux/stepdeck-window libGL.so.1 libX11.so.6 libc.so.6 libm.so.6

# Debian 12, Ubuntu 22.04 and RHEL 9 have this C library or a newer one.
newest=$(objdump -T dist/linux/stepdeck-window | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1)
printf '%s\n' "$newest" GLIBC_2.34 | sort -CV || { echo "The window needs $newest, which systems of 2022 do not have: build it on an older one, such as Debian 12." >&2; exit 1; }
