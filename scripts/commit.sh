#!/usr/bin/env bash
# Prints the commit of what is built here: scripts/commit.sh. Outside of a repository it prints nothing.
# A tree with changes is marked with a hash of them (0a1b2c3d4e5f-dirty-89abcdef): programs of two such trees are two builds, which
# do not work with each other.
set -euo pipefail
cd "$(dirname "$0")/.."

commit=$(git rev-parse --short=12 HEAD 2>/dev/null) || exit 0

changes() {
  git diff --no-ext-diff --no-textconv --no-color --no-renames --binary HEAD
  git ls-files -z --others --exclude-standard | while IFS= read -r -d '' file; do
    printf '%s\0' "$file"
    if [ -L "$file" ]; then
      readlink "$file"
    elif [ -f "$file" ]; then
      git hash-object -- "$file"
    fi
  done
}

none=$(git hash-object --stdin </dev/null)
hash=$(changes | git hash-object --stdin)
[ "$hash" = "$none" ] || commit=$commit-dirty-${hash:0:8}
echo "$commit"
