from beside import *
print(NAME, sorted(n for n in dir() if not n.startswith('_')))
