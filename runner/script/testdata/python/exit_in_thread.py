import sys, threading
t = threading.Thread(target=lambda: sys.exit(8))
t.start()
t.join()
print('on')
