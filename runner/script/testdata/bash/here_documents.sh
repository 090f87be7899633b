cat <<END
$((1+1)) $0
END
cat <<'END'
$x
END
cat <<-END
	tabs
	END
cat <<< 'a  b'
