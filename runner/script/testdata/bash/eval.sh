eval 'x=1; echo $x'; eval 'if'; echo $?
