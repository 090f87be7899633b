import os, sys
if hasattr(os, 'fork'):
    pid = os.fork()
    if pid == 0:
        print('child', flush=True)
        os._exit(0)
    os.waitpid(pid, 0)
print('parent')
