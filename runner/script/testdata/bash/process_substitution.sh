diff <(printf 'a\nb\n') <(printf 'a\nc\n'); echo $?; while read -r l; do echo "[$l]"; done < <(echo x; echo y)
