#!/usr/bin/env bash
# Makes a Wine prefix in which Stepdeck runs, for tests: wine-prefix.sh FOLDER
# It needs about 15 s and 700 MB. DISPLAY may be unset; set it for whatever opens a window, from the first start on.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

export WINEPREFIX=${1:?usage: wine-prefix.sh FOLDER} WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=;winemenubuilder.exe=d"
mkdir -p "$WINEPREFIX"
wineboot -i >/dev/null 2>&1 || true # it complains that there is no 32-bit Wine, which nothing here needs
wineserver -w
[ -f "$WINEPREFIX/system.reg" ] || { echo "Wine made no prefix in $WINEPREFIX" >&2; exit 1; }

# Go asks for a library that Wine has since 8.13 only.
system=$WINEPREFIX/drive_c/windows/system32
if [ ! -f "$system/bcryptprimitives.dll" ]; then
  x86_64-w64-mingw32-gcc -O2 -s -shared -o "$system/bcryptprimitives.dll" "$here/bcryptprimitives.c" -ladvapi32
fi
wine winecfg /v win10 # Wine 8 says that it is Windows 7
wineserver -w
