#!/usr/bin/env bash
# Renews docs/images with pictures of every screen, from bin/e2e's programs and a data folder that it fills.
set -euo pipefail
cd "$(dirname "$0")/.."

[ "$(uname -s)" = Linux ] || { echo "The pictures are made under Xvfb, on Linux." >&2; exit 1; }
export STEPDECK_E2E_BIN=$PWD/bin/e2e STEPDECK_E2E_PROOFS=$PWD/dist/e2e STEPDECK_REQUIRE_TOOLS=1
export STEPDECK_E2E_PICTURES=$PWD/dist/images
rm -rf dist/images
go test -tags e2e -count 1 -run '^TestPictures$' -timeout 30m ./e2e
# All or none: a picture that is no longer made goes.
rm -rf docs/images
mv dist/images docs/images
du -sh docs/images
