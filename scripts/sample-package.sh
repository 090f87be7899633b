#!/usr/bin/env bash
# Packs assets/sample/package into the sample's nupkg. The same files give the same bytes: times are fixed, names sorted.
set -euo pipefail
cd "$(dirname "$0")/../assets/sample/package"
out=../Stepdeck.Sample.1.0.0.nupkg
rm -f "$out"
find . -type f -exec touch -d '2026-01-01T00:00:00Z' {} +
find . -type f -printf '%P\n' | LC_ALL=C sort | TZ=UTC zip -q -X -9 "$out" -@
