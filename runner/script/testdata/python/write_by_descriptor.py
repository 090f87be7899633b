import os
print('first', flush=True)
os.write(1, b'second\n')
print('third')
