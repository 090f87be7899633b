print('x' * 2000000)
