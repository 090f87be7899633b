try:
    print('a')
    raise ValueError('b')
finally:
    print('tidy')
