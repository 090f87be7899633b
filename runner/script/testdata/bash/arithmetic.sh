((a=5, a++)); echo $a $((a**2)) $((0x1f)) $((2#101)) $((a>3?1:0)); let b=a*2; echo $b; ((0)) || echo zero
