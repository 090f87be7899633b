import threading
print(threading.current_thread().name, threading.active_count(), threading.main_thread() is threading.current_thread())
