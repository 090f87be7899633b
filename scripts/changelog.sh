#!/usr/bin/env bash
# Gathers the fragments in changelog/unreleased: scripts/changelog.sh [check | release VERSION]
# Each fragment's first line is its kind, the rest what a user notices. Without arguments the section is printed;
# check only looks for mistakes; release puts the section into CHANGELOG.md and removes the fragments.
set -euo pipefail
cd "$(dirname "$0")/.."

kinds="New Changed Fixed Security"
fragments() { find changelog/unreleased -name '*.md' | LC_ALL=C sort; }

check() {
  local f kind status=0
  while IFS= read -r f; do
    kind=$(head -n 1 "$f")
    case " $kinds " in
      *" $kind "*) ;;
      *) echo "$f: the first line is \"$kind\", not one of: $kinds"; status=1 ;;
    esac
    if [ -z "$(tail -n +2 "$f" | tr -d '[:space:]')" ]; then
      echo "$f: nothing is told after the first line"
      status=1
    fi
  done < <(fragments)
  return $status
}

section() {
  local kind f body
  for kind in $kinds; do
    body=
    while IFS= read -r f; do
      [ "$(head -n 1 "$f")" = "$kind" ] || continue
      body+=$(tail -n +2 "$f" | sed '/^[[:space:]]*$/d' | sed -e '1s/^/- /' -e '2,$s/^/  /')$'\n'
    done < <(fragments)
    [ -z "$body" ] || printf '\n### %s\n%s' "$kind" "$body"
  done
}

release() {
  local version=$1 new
  new=$(mktemp)
  { sed -n 1p CHANGELOG.md; printf '\n## %s, %s\n' "$version" "$(date +%F)"; section; tail -n +2 CHANGELOG.md; } >"$new"
  cat "$new" >CHANGELOG.md
  rm -f "$new"
  fragments | xargs -r rm
}

case ${1:-print} in
  print) check && section ;;
  check) check ;;
  release)
    check
    release "$(scripts/version.sh "${2:?the version is missing: scripts/changelog.sh release 1.2.0}")"
    ;;
  *) echo "usage: scripts/changelog.sh [check | release VERSION]" >&2; exit 2 ;;
esac
