#!/usr/bin/env bash
# Makes the MSI: msi.sh VERSION STAGE OUTPUT
set -euo pipefail
cd "$(dirname "$0")/../.."

version=${1:?usage: msi.sh VERSION STAGE OUTPUT} stage=${2:?} output=${3:?}
numbers=$(scripts/version.sh --numbers "$version")

# Each version is a product of its own to Windows, and the same version always the same product.
uuid() { # a name-based UUID (RFC 9562, version 5) in the upper case that Windows Installer wants
  local sum
  sum=$(printf 'https://github.com/stepdeck/stepdeck/%s' "$1" | sha1sum | tr '[:lower:]' '[:upper:]')
  printf '%s-%s-5%s-%s%s-%s\n' "${sum:0:8}" "${sum:8:4}" "${sum:13:3}" "$(printf %X $((0x${sum:16:1} & 3 | 8)))" "${sum:17:3}" "${sum:20:12}"
}

# A package of other contents is another package: its code follows from them.
contents=$(cd "$stage" && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum)

# The clock stands still at the time of the commit meanwhile, since the file tells when it was made.
at() { faketime -f "@$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" '+%Y-%m-%d %H:%M:%S')" "$@"; }
at wixl -a x64 -D "PRODUCT=$(uuid "msi/$version")" -D "VERSION=$version" -D "NUMBERS=$numbers" -D "STAGE=$stage" -o "$output" packaging/windows/stepdeck.wxs

# wixl does not know the table of environment variables, nor the two actions that heed it. "=-*" sets a variable at the
# installation and takes that back at the removal, for all users; "[~];" keeps what was there before.
# Source: "Environment table" and "Suggested InstallExecuteSequence", Windows Installer documentation.
table=$(mktemp -d)
trap 'rm -rf "$table"' EXIT
printf '%s\r\n' $'Environment\tName\tValue\tComponent_' $'s72\tl255\tL255\ts72' $'Environment\tEnvironment' \
  $'CommandPath\t=-*PATH\t[~];[BIN]\tCommandPath' >"$table/Environment.idt"
action() { echo "INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Sequence\`) VALUES ('$1', $2)"; }
at msibuild "$output" -i "$table/Environment.idt" -q "$(action RemoveEnvironmentStrings 3300)" -q "$(action WriteEnvironmentStrings 5200)" \
  -s "Stepdeck $version" 'Stepdeck contributors' 'x64;1033' "{$(uuid "msi/$version/$contents")}"
