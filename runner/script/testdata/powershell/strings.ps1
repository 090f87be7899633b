$a = 'x'; "$a $($a * 2) `t| `$a"; @"
here $a
"@; @'
$a
'@; '{0:N2} {1,5}' -f 3.14159, 'r'; 'a,b' -split ','; 'abc' -replace 'b', 'x'
