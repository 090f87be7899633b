import threading
def work():
    raise ValueError('in thread')
t = threading.Thread(target=work, name='w')
t.start()
t.join()
print('main ends')
