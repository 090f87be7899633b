#!/usr/bin/env bash
# Runs Windows' tests under Wine, on Linux: scripts/test-windows.sh VERSION [PART...]
#   packages  the tests of the packages that have code of their own for Windows
#   setup     setup programs and MSI: installed, used, upgraded, removed
#   window    the window, clicked through to a finished run; pictures of it are left in dist/wine
# Without a part, all. PATTERN=Name chooses tests; KEEP=yes keeps the prefix and the packages in dist/wine for the next time.
# docs/dev-windows.md says what is seen this way and what is not.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$PWD/dist/wine
flags=(-trimpath -buildvcs=false) # as packaging/windows/build.sh, so that no C is compiled twice

# Packages with code for Windows, and of the larger ones the tests that show it.
packages() {
  local status=0
  overlay ./runner/process ./runner/awake ./runner/script ./runner/archive ./runner ./runner/engine ./runner/awsenv/credentialprocess \
    ./model/store ./model/vault ./app/terminal ./command ./screens/desktop
  on_windows ./runner/process || status=$?
  on_windows ./runner/awake || status=$?
  on_windows ./runner/script || status=$?
  on_windows ./runner/awsenv/credentialprocess || status=$?
  # The links that Wine makes are none.
  on_windows ./runner/archive -skip '^Test(CopyFolderSkipsLinksInside|FolderContains)$' || status=$?
  on_windows ./runner -run '^TestWorkspace' || status=$?
  # The others run Bash.
  on_windows ./runner/engine -run '^Test(Refusals|AStartCanBeGivenUp|Check)$' || status=$?
  on_windows ./model/store || status=$?
  # The real Credential Manager, as on a desktop that is unlocked.
  STEPDECK_VAULT_TEST_KEYRING=unlocked on_windows ./model/vault -run '^TestRealKeychain$' || status=$?
  on_windows ./app/terminal || status=$?
  on_windows ./command -run '^TestPath' || status=$?
  on_windows ./screens/desktop || status=$?
  return "$status"
}

on_windows() { # on_windows PACKAGE [FLAG...]
  local package=$1
  shift
  [ -z "${PATTERN:-}" ] || set -- -run "$PATTERN"
  GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc go test -json -count=1 "${flags[@]}" -vet=off -timeout 20m -exec wine \
    -overlay "$work/overlay.json" -tags migrated_fynedo -ldflags '-checklinkname=0 -extldflags=-static' "$@" "$package"
}

# Go removes folders with a call that Wine 8 does not know, and has a variable for its own tests that makes it use an older
# one. A file that sets it is laid over each package; the programs that ship do without, and are tested as they are.
overlay() {
  local package name file separator=
  mkdir -p "$work/overlay"
  {
    printf '{"Replace": {'
    for package in "$@"; do
      name=$(GOOS=windows go list -f '{{.Name}}' "$package")
      file=$work/overlay/${package//[.\/]/_}.go
      cat >"$file" <<END
package $name

import _ "unsafe" // for go:linkname

//go:linkname deleteatFallback internal/syscall/windows.TestDeleteatFallback
var deleteatFallback bool

func init() { deleteatFallback = true }
END
      printf '%s\n"%s/zz_wine_test.go": "%s"' "$separator" "$PWD/${package#./}" "$file"
      separator=,
    done
    printf '}}\n'
  } >"$work/overlay.json"
}

setup() { go test -json -tags wine -count=1 -timeout 60m -run "${PATTERN:-^Test}" ./packaging/windows/tests; }

window() {
  STEPDECK_E2E_WINE=$work/packages/window STEPDECK_E2E_PROOFS=$work/pictures STEPDECK_E2E_DISPLAY=$DISPLAY STEPDECK_REQUIRE_TOOLS=1 \
    go test -json -tags e2e -count=1 -timeout 30m -run "${PATTERN:-^TestUnderWine}" ./e2e
}

if [ "${1:-}" = --json ]; then # called back by gotestsum, so that all parts end in one summary
  shift
  status=0
  for part in "$@"; do
    case $part in
      packages) packages ;;
      setup) setup ;;
      window) window ;;
    esac || status=$?
  done
  exit "$status"
fi

version=${1:?usage: test-windows.sh VERSION [PART...]}
shift
[ "$(uname -s)" = Linux ] || { echo "Windows is played by Wine, on Linux." >&2; exit 1; }
[ $# -gt 0 ] || set -- packages setup window
for part in "$@"; do
  case $part in packages | setup | window) ;; *) echo "test-windows.sh has packages, setup and window, not \"$part\"" >&2; exit 1 ;; esac
done

# Wine writes entries of Windows' Start menu into the menu of whoever runs it: not here. mscoree must be there, or .NET,
# and with it PowerShell, does not start.
export WINEPREFIX=$work/prefix WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="mshtml=;winemenubuilder.exe=d"
finish() {
  wineserver -k 2>/dev/null || true
  [ -z "${display:-}" ] || kill "$display" 2>/dev/null || true
  [ "${KEEP:-}" = yes ] || rm -rf "$WINEPREFIX" "$work/packages" "$work/overlay" "$work/overlay.json" "${work:?}/home" "$work/display"
}
trap finish EXIT
mkdir -p "$work"
[ "${KEEP:-}" = yes ] || rm -rf "$WINEPREFIX" "$work/packages"
rm -rf "$work/pictures"

# Wine never learns of a display that comes later, so there is one from its first start on.
Xvfb -displayfd 9 -screen 0 1400x960x24 -dpi 96 -nolisten tcp -noreset >/dev/null 2>&1 9>"$work/display" &
display=$!
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.1; done
DISPLAY=:$(cat "$work/display")
export DISPLAY

begin=$SECONDS
if [ ! -f "$WINEPREFIX/system.reg" ]; then
  mkdir -p "$work/home"
  HOME=$work/home packaging/windows/wine-prefix.sh "$WINEPREFIX"
fi
echo "A Windows of Wine ($(wine --version)) is made: $((SECONDS - begin)) s"

# A PowerShell for Windows; the one of Wine is none. A path of this system is told as Wine sees it.
case ${STEPDECK_WINE_PWSH:-} in
/*)
  STEPDECK_WINE_PWSH=Z:$STEPDECK_WINE_PWSH
  STEPDECK_WINE_PWSH=${STEPDECK_WINE_PWSH//\//\\}
  ;;
esac
if [ -n "${STEPDECK_WINE_PWSH:-}" ]; then
  export STEPDECK_WINE_PWSH STEPDECK_REQUIRE_PWSH=1 WINEPATH="${STEPDECK_WINE_PWSH%\\*}"
else
  echo "NO POWERSHELL FOR WINDOWS HERE: no script is run. STEPDECK_WINE_PWSH names one." >&2
fi

begin=$SECONDS
case " $* " in
  *" setup "* | *" window "*)
    if [ ! -d "$work/packages/old" ]; then packaging/windows/tests/make-packages.sh "$work/packages" "$version"; fi
    echo "The packages of two versions are made: $((SECONDS - begin)) s"
    ;;
esac
export STEPDECK_WINE_PACKAGES=$work/packages STEPDECK_WINE_VERSION=$version

status=0
bin/tools/gotestsum --format "${TEST_FORMAT:-pkgname}" --format-hide-empty-pkg --hide-summary skipped --jsonfile "$work/tests.json" \
  --raw-command -- bash scripts/test-windows.sh --json "$@" || status=$?

named() { # named ACTION lists the tests of setup and window that ended so, in words
  sed -n 's/.*"Action":"'"$1"'","Package":"[^"]*\/\(windows\/tests\|stepdeck\/e2e\)","Test":"Test\([A-Za-z0-9]*\)".*/\2/p' "$work/tests.json" |
    sed 's/\([a-z]\)\([A-Z]\)/\1 \2/g; s/\([A-Z]\)\([A-Z][a-z]\)/\1 \2/g' | sort -u | paste -sd, - | sed 's/,/, /g'
}
echo "Shown under Wine, besides the tests of packages: $(named pass)"
[ -z "$(named skip)" ] || echo "NOT SHOWN: $(named skip)"
grep -o 'SKIPPED FOR WANT OF [A-Za-z]*' "$work/tests.json" | sort | uniq -c | sed 's/^ */Tests of packages: /' || true
[ ! -d "$work/pictures" ] || echo "Pictures of the window: dist/wine/pictures"
echo "All of it took $SECONDS s"
[ "$status" = 0 ]
