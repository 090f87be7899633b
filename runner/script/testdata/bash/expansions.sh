a=Hello.World.txt; echo ${a%.*} ${a##*.} ${a/o/0} ${a//o/0} ${#a} ${a:2:3} ${b:-d} {1..5} {a,b}c ~+
