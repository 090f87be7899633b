import sys
print('a')
sys.exit(0)
print('b')
