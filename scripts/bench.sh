#!/usr/bin/env bash
# Runs the benchmarks, one package at a time so that none disturbs another: scripts/bench.sh [PATTERN]
# BENCHTIME (1s) and COUNT (1) are handed to go test. Those of the window drive the programs in bin/bench, where that is
# possible.
set -euo pipefail
cd "$(dirname "$0")/.."

pattern=${1:-.} window=./e2e
packages=$(grep -rl --include='*_test.go' '^func Benchmark' . | xargs -n1 dirname 2>/dev/null | grep -v -e '^\./tools' -e "^$window$" | sort -u || true)
[ -n "$packages" ] || { echo "there are no benchmarks" >&2; exit 1; }
# The command as it ships: go test would build it with other flags.
export STEPDECK_COMMAND=$PWD/bin/stepdeck
# shellcheck disable=SC2086 # a list of packages, which hold no blanks
go test -run '^$' -bench "$pattern" -benchmem -benchtime "${BENCHTIME:-1s}" -count "${COUNT:-1}" -p 1 -timeout 60m $packages

[ -x bin/bench/stepdeck-window ] || exit 0
export STEPDECK_E2E_BIN=$PWD/bin/bench
exec go test -tags e2e -run '^$' -bench "$pattern" -benchtime 1x -count "${COUNT:-1}" -timeout 60m "$window"
