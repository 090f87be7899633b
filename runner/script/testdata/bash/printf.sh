printf '%05d|%-5s|%x|%q|%b|%(%Y)T\n' 42 ab 255 'a b' 'x\ty' 0; printf -v v '%s-' a b; echo $v; printf '%d\n' abc; echo $?
