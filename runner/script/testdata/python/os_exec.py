import os, sys
print('before', flush=True)
if sys.platform != 'win32':
    os.execv(sys.executable, [sys.executable, '-c', 'import sys; print("after", sys.argv)', 'x'])
