print('a')
print('b')
