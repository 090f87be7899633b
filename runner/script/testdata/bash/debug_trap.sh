trap 'echo "debug $BASH_COMMAND"' DEBUG
a=1
f() { b=2; }
f
echo end
