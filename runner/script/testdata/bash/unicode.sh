x='naïve 🚀'; echo "$x ${#x}"; echo "${x^^}"; printf '%s\n' $'\u00e9'
