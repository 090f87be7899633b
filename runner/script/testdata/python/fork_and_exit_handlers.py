import atexit, os
atexit.register(lambda: print('handler', flush=True))
if hasattr(os, 'fork') and os.fork() == 0:
    raise SystemExit(0)
if hasattr(os, 'fork'):
    os.wait()
