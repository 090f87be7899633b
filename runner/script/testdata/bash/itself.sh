wc -c < "$0" | tr -d ' '; cat "${BASH_SOURCE[0]}"; grep -c itself "$0"
