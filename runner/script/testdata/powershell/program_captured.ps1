$x = bash -c 'echo a; echo b'; $x.Count; $x; $y = bash -c 'echo e >&2' 2>&1; $y.GetType().Name; "$y"
