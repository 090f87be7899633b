#!/usr/bin/env bash
# Runs the sample project in a data folder of its own, which is gone afterwards: no AWS account, no window, no traces.
set -euo pipefail
cd "$(dirname "$0")/.."

STEPDECK_HOME=$(mktemp -d)
export STEPDECK_HOME
trap 'rm -rf "$STEPDECK_HOME"' EXIT

# The vault is a sealed file under a passphrase that nobody needs to know: the keychain stays untouched.
STEPDECK_PASSPHRASE=$(head -c 24 /dev/urandom | base64)
export STEPDECK_PASSPHRASE

steps=()
if ! command -v pwsh >/dev/null; then
  echo "There is no pwsh on the PATH, so the sample's PowerShell step is left out." >&2
  steps=("Who am I" "Fill a bucket" "Report")
fi

bin/stepdeck import assets/sample/sample.stepdeck --yes
bin/stepdeck run Sample ${steps[@]+"${steps[@]}"}
bin/stepdeck runs list
