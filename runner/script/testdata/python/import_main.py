import __main__
x = 1
print(__main__.x, __main__ is __import__('sys').modules['__main__'])
