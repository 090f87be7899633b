f() { local -; set -e; echo $-; }; f; echo $-
