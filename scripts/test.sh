#!/usr/bin/env bash
# Runs the tests of all packages, or of those named, and prints a summary: scripts/test.sh [PACKAGE...]
# All run under the race detector but the few that open a real window: those link OpenGL, whose second, instrumented
# build costs minutes and finds nothing of ours. Packages that keep a file for runs without the detector
# (build constraint !race: they measure what the detector would change) have both runs.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --json ]; then # called back by gotestsum, so that both kinds of tests end in one summary
  shift
  status=0
  windowed=$(go list -e -f '{{range .Deps}}{{if eq . "fyne.io/fyne/v2/internal/driver/glfw"}}{{$.ImportPath}}{{"\n"}}{{end}}{{end}}' "$@")
  others=$(go list -e "$@" | grep -vxF "${windowed:-none}" || true)
  files='{{.ImportPath}} {{.GoFiles}} {{.TestGoFiles}} {{.XTestGoFiles}}'
  measuring=$(comm -23 <(go list -e -f "$files" "$@" | sort) <(go list -e -race -f "$files" "$@" | sort) | cut -d ' ' -f 1)
  # shellcheck disable=SC2086 # lists of packages, which hold no blanks
  {
    [ -z "$others" ] || go test -json -race -timeout 20m $others || status=$?
    [ -z "$windowed$measuring" ] || go test -json -timeout 20m $windowed $measuring || status=$?
  }
  [ "$*" != ./... ] || (cd tools && go test -json ./...) || status=$?
  exit "$status"
fi

[ $# -gt 0 ] || set -- ./...
go mod download # now, so that its progress is not taken for an error of a test
exec bin/tools/gotestsum --format "${TEST_FORMAT:-pkgname}" --format-hide-empty-pkg \
  --raw-command -- bash scripts/test.sh --json "$@"
