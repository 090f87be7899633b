f=$(mktemp); trap 'rm -f "$f"' EXIT; echo x > "$f"; cat "$f"; [ -d "${f%/*}" ] && echo there
