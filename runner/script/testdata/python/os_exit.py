import os
print('shown', flush=True)
os._exit(9)
