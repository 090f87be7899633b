#!/usr/bin/env bash
# Drives the programs in bin/e2e with mouse and keys: scripts/e2e.sh [PATTERN]
# COUNT=10 goes through all of it ten times. What a failure looked like is left in dist/e2e.
set -euo pipefail
cd "$(dirname "$0")/.."

[ "$(uname -s)" = Linux ] || { echo "The window is driven under Xvfb, on Linux." >&2; exit 1; }
export STEPDECK_E2E_BIN=$PWD/bin/e2e STEPDECK_E2E_PROOFS=$PWD/dist/e2e STEPDECK_REQUIRE_TOOLS=1
rm -rf dist/e2e
exec go test -tags e2e -count "${COUNT:-1}" -run "${1:-^Test}" -failfast -timeout 60m -v ./e2e
