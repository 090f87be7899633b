import sys
print(sys.excepthook is sys.__excepthook__, sys.displayhook is sys.__displayhook__, sys.gettrace(), sys.getprofile())
print(len(sys.path_hooks), 'PYTHONPATH' in __import__('os').environ)
