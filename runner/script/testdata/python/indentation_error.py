def f():
print('a')
