#!/usr/bin/env bash
# Prints the version of what is built here: scripts/version.sh [--numbers] [VERSION]
# The version is the tag's, with what came after it; without any tag, the one of FyneApp.toml, which is then being worked on.
# --numbers gives the four numbers that Windows wants: those of the version and the count of commits since its tag.
set -euo pipefail
cd "$(dirname "$0")/.."

numbers=
[ "${1:-}" != --numbers ] || { numbers=yes; shift; }
version=${1:-}
if [ -z "$version" ]; then
  version=$(git describe --tags --match 'v[0-9]*' --dirty 2>/dev/null | sed 's/^v//') || true
fi
if [ -z "$version" ]; then
  version=$(sed -n 's/^Version *= *"\(.*\)"$/\1/p' FyneApp.toml)-dev
fi
if ! [[ $version =~ ^([0-9]+\.[0-9]+\.[0-9]+)(-([0-9]+)-g[0-9a-f]+)?([-+].*)?$ ]]; then
  echo "\"$version\" is no version: it has to begin with three numbers, such as 1.2.0" >&2
  exit 1
fi
if [ -n "$numbers" ]; then
  echo "${BASH_REMATCH[1]}.${BASH_REMATCH[3]:-0}"
else
  echo "$version"
fi
