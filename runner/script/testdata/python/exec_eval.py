exec('def f():\n    return 7')
print(f(), eval('f() + 1'))
exec('1 / 0')
