mapfile -t l < <(printf '1\n2\n'); echo "${#l[@]} ${l[1]}"; IFS=, read -ra p <<< 'a,b,c'; echo "${p[2]}"; IFS=:; x='a:b'; set -- $x; echo $1
