#!/usr/bin/env bash
# Writes what is in the programs by others into dist/notices/SYSTEM: notices.sh windows|linux|macos VERSION
# The programs are asked themselves. What a C compiler puts into them is named here.
set -euo pipefail
cd "$(dirname "$0")/.."

system=${1:?usage: notices.sh SYSTEM VERSION} version=${2:?usage: notices.sh SYSTEM VERSION}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}
export SOURCE_DATE_EPOCH
list() { bin/tools/notices -out "dist/notices/$system" -version "$version" "$@"; }

case $system in
  windows)
    list -with "mingw-w64 runtime=ZPL-2.1=/usr/share/doc/mingw-w64-x86-64-dev/copyright" dist/windows/Stepdeck.exe dist/windows/bin/*.exe
    ;;
  linux)
    # The command holds the C library. Its licence asks that one can link the command anew with another C library, which the
    # published sources allow.
    list -with "GNU C library, in the command=LGPL-2.1-or-later=/usr/share/doc/libc6-dev/copyright" dist/linux/stepdeck-window dist/linux/stepdeck dist/linux/stepdeck-supervisor
    ;;
  macos) list dist/macos/stepdeck-window dist/macos/stepdeck dist/macos/stepdeck-supervisor ;;
  *) echo "notices.sh knows windows, linux and macos" >&2; exit 1 ;;
esac
