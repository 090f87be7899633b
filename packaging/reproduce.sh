#!/usr/bin/env bash
# Builds the packages of the last commit twice, unsigned, in two folders, and compares them: packaging/reproduce.sh VERSION
# FRESH=yes compiles everything anew in the second one, which takes long; else what was compiled before is linked again.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?usage: reproduce.sh VERSION}
whole=$(git rev-parse HEAD) # one and the same, even if somebody commits meanwhile
commit=$(git rev-parse --short=12 "$whole")
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct "$whole")
export SOURCE_DATE_EPOCH STEPDECK_SIGN=none
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for folder in "$work/one" "$work/another folder"; do
  mkdir -p "$folder/bin"
  git archive "$whole" | tar -x -C "$folder"
  cp -R bin/tools "$folder/bin/"
  (
    if [ "${FRESH:-}" = yes ] && [ "$folder" != "$work/one" ]; then
      mkdir "$work/cache"
      export GOCACHE=$work/cache
    fi
    cd "$folder"
    make -s package-windows package-linux "VERSION=$version" "COMMIT=$commit" >"$work/log" 2>&1 || { tail -n 50 "$work/log" >&2; exit 1; }
  )
done

status=0
for file in "$work/one/dist/packages"/*; do
  name=${file##*/}
  if cmp -s "$file" "$work/another folder/dist/packages/$name"; then
    printf 'the same twice: %s  %s\n' "$(sha256sum <"$file" | cut -c 1-16)" "$name"
  else
    echo "NOT the same: $name"
    status=1
  fi
done
exit "$status"
