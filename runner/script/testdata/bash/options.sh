echo "$-"; shopt -p | sort; set -o
