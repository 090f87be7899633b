#!/usr/bin/env bash
# Checks the source without running it: form, vet, linters (for this system, and for the others as far as no C is
# involved), shell scripts, module checksums. Prints only what it finds.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
fail() { status=1; }

sources() { find . \( -path ./bin -o -path ./dist -o -path ./tmp -o -path ./.git -o -name testdata \) -prune -o -type f \( "$@" \) -print; }

unformatted=$(sources -name '*.go' | xargs gofmt -l)
[ -z "$unformatted" ] || { printf 'not formatted (gofmt -w):\n%s\n' "$unformatted"; fail; }

sources -name '*.sh' -o -path ./.ci/run | xargs shellcheck || fail
bin/tools/actionlint || fail

scripts/changelog.sh check || fail

go mod verify >/dev/null || fail
go vet ./... || fail
go vet -tags pictures ./screens/... || fail
(cd tools && go vet ./...) || fail

linter=$PWD/bin/tools/golangci-lint
quiet() { # prints what the linter says only when it objects
  local out
  out=$("$@" 2>&1) || { printf '%s\n' "$out"; return 1; }
}
quiet "$linter" config verify || fail
quiet "$linter" run --allow-parallel-runners ./... || { echo "(found for this system)"; fail; }
quiet "$linter" run --allow-parallel-runners --build-tags e2e ./screens/desktop/... ./e2e/... || { echo "(found with the tag e2e)"; fail; }
(cd tools && quiet "$linter" run --allow-parallel-runners --config ../.golangci.yml ./...) || { echo "(found in tools)"; fail; }

module=$(go list -m)
for system in windows darwin; do
  packages=$(bin/tools/xcheck -os "$system" -arch amd64 -test -nocgo ./... | sed "s|^$module|.|")
  [ -n "$packages" ] || continue
  # shellcheck disable=SC2086 # a list of packages, which hold no blanks
  GOOS=$system GOARCH=amd64 CGO_ENABLED=0 quiet "$linter" run --allow-parallel-runners $packages || { echo "(found for $system)"; fail; }
done
# Known vulnerabilities in what the programs call. Without the internet there is no list to look them up in.
found=0
out=$(bin/tools/govulncheck ./... 2>&1) || found=$?
case $found in
  0) ;;
  1) if [[ $out == *"fetching vulnerabilities"* ]]; then echo "not checked for known vulnerabilities: their list can't be reached"; else echo "$out"; fail; fi ;;
  *) echo "$out"; fail ;;
esac
exit "$status"
