set -u; echo "${Nothing-none}"; echo "$Nothing"; echo never
