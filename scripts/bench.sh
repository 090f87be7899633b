#!/usr/bin/env bash
# Runs the benchmarks, one package at a time so that none disturbs another: scripts/bench.sh [PATTERN]
# BENCHTIME (1s) and COUNT (1) are handed to go test.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=$(grep -rl --include='*_test.go' '^func Benchmark' . | xargs -n1 dirname 2>/dev/null | grep -v '^\./tools' | sort -u || true)
[ -n "$packages" ] || { echo "there are no benchmarks" >&2; exit 1; }
# The command as it ships: go test would build it with other flags.
export STEPDECK_COMMAND=$PWD/bin/stepdeck
# shellcheck disable=SC2086 # a list of packages, which hold no blanks
exec go test -run '^$' -bench "${1:-.}" -benchmem -benchtime "${BENCHTIME:-1s}" -count "${COUNT:-1}" -p 1 -timeout 60m $packages
