set -o | grep history; echo '!!'; echo "${HISTFILE-none}"
