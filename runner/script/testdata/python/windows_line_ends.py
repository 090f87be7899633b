import sys
if True:
    print('''two
lines''')
raise ValueError('line 5')
