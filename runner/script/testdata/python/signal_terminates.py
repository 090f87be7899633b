import os, signal, sys
print('before', flush=True)
if sys.platform != 'win32':
    os.kill(os.getpid(), signal.SIGTERM)
