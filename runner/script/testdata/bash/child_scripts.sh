printf 'echo "child $0 $* $-"; exit 4\n' > child.sh; bash child.sh a 'b c'; echo $?; chmod +x child.sh; ./child.sh; echo $?; bash -e child.sh; sh child.sh
