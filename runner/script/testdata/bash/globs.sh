touch a.txt b.txt 'c d.txt'; for f in *.txt; do echo "$f"; done; echo *.none; shopt -s nullglob; echo *.none; shopt -s dotglob; touch .h; echo *
