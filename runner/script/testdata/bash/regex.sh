[[ v1.22.3 =~ ^v([0-9]+)\.([0-9]+) ]] && echo "${BASH_REMATCH[@]}"
[[ a < b && ! -e /no ]] && echo yes
