print('a', 'b', sep='-', end='')
print(' c')
print(1, 2.5, None, [1, 'x'], {'k': (1,)})
