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

wixl -a x64 -D "PRODUCT=$(uuid "msi/$version")" -D "VERSION=$version" -D "NUMBERS=$numbers" -D "STAGE=$stage" -o "$output" packaging/windows/stepdeck.wxs

# wixl does not know the table of environment variables. Source: "Environment table", Windows Installer documentation:
# "=-*" sets it at the installation, takes it back at the removal, for all users; "[~];" keeps what was there before.
table=$(mktemp -d)
trap 'rm -rf "$table"' EXIT
printf '%s\r\n' $'Environment\tName\tValue\tComponent_' $'s72\tl255\tL255\ts72' $'Environment\tEnvironment' \
  $'CommandPath\t=-*PATH\t[~];[BIN]\tCommandPath' >"$table/Environment.idt"
msibuild "$output" -i "$table/Environment.idt"
