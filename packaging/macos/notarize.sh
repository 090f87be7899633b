#!/usr/bin/env bash
# Lets Apple look at a file and waits for the verdict: notarize.sh FILE, with NOTARY_KEY, NOTARY_KEY_ID and NOTARY_ISSUER.
# The tool's exit code tells that there is a verdict; what it is stands in the answer.
set -euo pipefail

file=${1:?usage: notarize.sh FILE}
key=(--key "${NOTARY_KEY:?}" --key-id "${NOTARY_KEY_ID:?}" --issuer "${NOTARY_ISSUER:?}")
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
xcrun notarytool submit "$file" "${key[@]}" --wait --timeout 45m --output-format json >"$answer" || true
cat "$answer"
if [ "$(plutil -extract status raw -o - "$answer")" != Accepted ]; then
  xcrun notarytool log "$(plutil -extract id raw -o - "$answer")" "${key[@]}" || true
  echo "Apple does not accept $file" >&2
  exit 1
fi
