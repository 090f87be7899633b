for i in {1..3000}; do echo "line $i of a script that prints much"; done
