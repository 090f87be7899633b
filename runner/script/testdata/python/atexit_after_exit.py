import atexit, sys
atexit.register(print, 'bye')
sys.exit(2)
