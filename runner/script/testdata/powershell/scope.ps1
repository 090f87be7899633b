$x = 1; "$global:x $script:x"; function f { $x; $script:x = 2 }; f; $x; & { $x = 5 }; $x; function global:g { 'g' }; g
