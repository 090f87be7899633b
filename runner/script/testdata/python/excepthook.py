import sys
sys.excepthook = lambda kind, e, t: print('hook', kind.__name__, e)
1 / 0
