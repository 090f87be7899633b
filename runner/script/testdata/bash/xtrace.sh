set -x
a=1
echo "$a" 'b c'
f() { local x=2; echo $x; }
f
set +x
echo end
