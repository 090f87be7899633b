#!/usr/bin/env bash
# Installs what the given names need and this machine lacks: scripts/ensure.sh [NAME...] [--try NAME...]
# A name after --try may stay missing: it is named, and the work goes on. Runs on the bash 3.2 of macOS too.
set -euo pipefail

cd "$(dirname "$0")/.."

say() { printf 'stepdeck: %s\n' "$*" >&2; }

# present NAME succeeds when this machine has what NAME stands for.
present() {
  case $1 in
    go) go_is_new_enough ;;
    compiler) command -v "${CC:-cc}" >/dev/null || command -v gcc >/dev/null ;;
    window) window_headers_are_there ;;
    aws) aws --version >/dev/null 2>&1 ;;
    aws2) for program in /usr/bin/aws aws; do case $("$program" --version 2>&1) in aws-cli/2.*) return 0 ;; esac; done; return 1 ;;
    fish | zsh) command -v "$1" >/dev/null ;;
    bsdtar) command -v bsdtar >/dev/null ;;
    7z) command -v 7z >/dev/null || command -v 7zz >/dev/null ;;
    keyring) [ "$(uname -s)" != Linux ] || command -v gnome-keyring-daemon >/dev/null ;;
    dbus) [ "$(uname -s)" != Linux ] || command -v dbus-daemon >/dev/null ;;
    xvfb) [ "$(uname -s)" != Linux ] || command -v Xvfb >/dev/null ;;
    imagemagick) command -v import >/dev/null ;;
    openbox | xdotool | xclip | xterm) [ "$(uname -s)" != Linux ] || command -v "$1" >/dev/null ;;
    mingw) command -v x86_64-w64-mingw32-gcc >/dev/null ;;
    nsis) [ -e /usr/share/nsis/Stubs/lzma_solid-amd64-unicode ] && command -v makensis >/dev/null ;;
    wixl) command -v wixl >/dev/null && command -v msibuild >/dev/null ;;
    wine) command -v wine >/dev/null && command -v wineserver >/dev/null ;;
    wine-graphics) mesa_drivers_are_there ;; # without it Windows' OpenGL draws nothing
    bash | bzip2 | chromium | faketime | git | openssl | osslsigncode | pkg-config | unzip | zip | shellcheck) command -v "$1" >/dev/null ;;
    *) say "ensure.sh does not know \"$1\""; exit 2 ;;
  esac
}

# package MANAGER NAME prints the packages that bring NAME; nothing where the manager has none.
package() {
  case $1:$2 in
    *:go) ;; # distributions carry old versions: see go_help
    apt:compiler) echo gcc libc6-dev ;;
    dnf:compiler) echo gcc glibc-devel ;;
    apt:window) echo libgl1-mesa-dev xorg-dev ;;
    dnf:window) echo libX11-devel libXcursor-devel libXrandr-devel libXinerama-devel libXi-devel libXxf86vm-devel mesa-libGL-devel ;;
    apt:aws | apt:aws2 | brew:aws | brew:aws2) echo awscli ;;
    dnf:aws | dnf:aws2) echo awscli2 ;;
    apt:bsdtar) echo libarchive-tools ;;
    dnf:bsdtar) echo bsdtar ;;
    apt:7z) echo p7zip-full ;;
    dnf:7z) echo p7zip-plugins ;;
    brew:7z) echo sevenzip ;;
    apt:keyring | dnf:keyring) echo gnome-keyring ;;
    apt:dbus) echo dbus dbus-daemon ;;
    dnf:dbus) echo dbus-daemon ;;
    apt:mingw) echo gcc-mingw-w64-x86-64-win32 ;;
    dnf:mingw) echo mingw64-gcc ;;
    apt:wixl) echo wixl msitools ;;
    dnf:wixl) echo msitools ;;
    apt:wine) echo wine wine64 ;;
    apt:wine-graphics) echo libgl1 libgl1-mesa-dri ;;
    dnf:wine-graphics) echo mesa-libGL mesa-dri-drivers ;;
    *:nsis) [ "$1" != apt ] || echo nsis ;; # only Debian's has the stub of 64 bits
    brew:mingw) echo mingw-w64 ;;
    dnf:xvfb) echo xorg-x11-server-Xvfb ;;
    dnf:imagemagick) echo ImageMagick ;;
    dnf:shellcheck) echo ShellCheck ;;
    brew:pkg-config) echo pkgconf ;;
    brew:compiler | brew:window | brew:bsdtar | brew:keyring | brew:dbus | brew:xvfb) ;; # part of macOS or of Xcode's command line tools
    *) echo "$2" ;;
  esac
}

go_wanted() { awk '$1 == "go" { print $2; exit }' go.mod; }

# GOTOOLCHAIN may let an older go fetch the version that go.mod asks for: the answer inside the module is what counts.
go_is_new_enough() {
  local have
  have=$(go env GOVERSION 2>/dev/null) || return 1
  printf '%s\n%s\n' "$(go_wanted)" "${have#go}" | sort -C -t. -k1,1n -k2,2n -k3,3n
}

go_help() {
  local have="no go on the PATH"
  command -v go >/dev/null && have="$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null || echo "an old go") at $(command -v go)"
  say "Go $(go_wanted) or newer is needed; found: $have."
  say "Get it from https://go.dev/dl/ (https://go.dev/doc/install says how) and run this again."
  [ ! -x /usr/local/go/bin/go ] || say "There is a go in /usr/local/go/bin: put that folder on the PATH if it is new enough."
}

window_headers_are_there() {
  [ "$(uname -s)" = Linux ] || return 0
  printf '#include <%s>\n' GL/gl.h X11/Xlib.h X11/Xcursor/Xcursor.h X11/extensions/Xrandr.h \
    X11/extensions/Xinerama.h X11/extensions/XInput2.h X11/extensions/xf86vmode.h |
    "${CC:-cc}" -E - >/dev/null 2>&1
}

mesa_drivers_are_there() { [ -n "$(find /usr/lib /usr/lib64 \( -name swrast_dri.so -o -name 'libgallium-*.so' \) -print -quit 2>/dev/null)" ]; }

manager() {
  if [ "$(uname -s)" = Darwin ]; then
    if command -v brew >/dev/null; then echo brew; else echo none; fi
  elif command -v apt-get >/dev/null; then echo apt
  elif command -v dnf >/dev/null; then echo dnf
  else echo none; fi
}

# as_root runs a command with the rights to install, through sudo where they are not there already.
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# install MANAGER PACKAGE... is silent when it succeeds and shows the manager's own words when it does not.
install() {
  local by=$1 log status=0
  shift
  if [ "$by" != brew ] && [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    say "there is no sudo here: as root, let $by install: $*"
    return 1
  fi
  log=$(mktemp)
  case $by in
    apt)
      { as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1 || status=$?
      ;;
    dnf) as_root dnf install -y -q "$@" >"$log" 2>&1 || status=$? ;;
    brew) brew install --quiet "$@" >"$log" 2>&1 || status=$? ;;
  esac
  if [ "$status" != 0 ]; then
    tail -n 20 "$log" >&2
    say "the installation failed"
  fi
  rm -f "$log"
  return "$status"
}

# provide NAME... installs the missing ones and prints those that are missing still.
provide() {
  local name by missing=() packages=()
  by=$(manager)
  for name in "$@"; do
    present "$name" && continue
    missing+=("$name")
    # shellcheck disable=SC2207 # package names hold no blanks
    [ "$by" = none ] || packages+=($(package "$by" "$name"))
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ ${#packages[@]} -gt 0 ]; then
    say "installing ${packages[*]} (for: ${missing[*]})"
    install "$by" "${packages[@]}" || true
    hash -r
  fi
  for name in "${missing[@]}"; do
    present "$name" || echo "$name"
  done
}

needed=() wished=() list=needed
for name in "$@"; do
  case $name in
    --try) list=wished ;;
    *) if [ "$list" = needed ]; then needed+=("$name"); else wished+=("$name"); fi ;;
  esac
done

if [ ${#wished[@]} -gt 0 ]; then
  for name in $(provide "${wished[@]}"); do
    say "$name is missing and could not be installed: going on without it"
  done
fi

[ ${#needed[@]} -gt 0 ] || exit 0
left=$(provide "${needed[@]}")
[ -n "$left" ] || exit 0
for name in $left; do
  case $name in
    go) go_help ;;
    compiler) say "a C compiler is needed (gcc or clang; on macOS: xcode-select --install)" ;;
    window) say "the headers of OpenGL and X11 are needed (on Debian: libgl1-mesa-dev xorg-dev)" ;;
    *) say "$name is needed: install it with this system's package manager and run this again" ;;
  esac
done
exit 1
