#!/usr/bin/env bash
# Writes pictures of the states of the places, light and dark, for a person to look at: scripts/pictures.sh [FOLDER]
# They are drawn without a display, by the tests' own rigs. Those of the documentation come from `make screenshots`.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "${1:-$root/dist/pictures}"
STEPDECK_PICTURES=$(cd "${1:-$root/dist/pictures}" && pwd)
export STEPDECK_PICTURES

cd "$root"
go test -tags pictures -count 1 -run '^TestPictures' ./screens/accounts ./screens/packages ./screens/projects ./screens/runs ./screens/settings ./screens/welcome
echo "Pictures: $STEPDECK_PICTURES"
