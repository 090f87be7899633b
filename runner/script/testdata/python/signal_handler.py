import os, signal
signal.signal(signal.SIGINT, lambda s, f: print('signal', s == signal.SIGINT))
signal.raise_signal(signal.SIGINT)
print('on')
