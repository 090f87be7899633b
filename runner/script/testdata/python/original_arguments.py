import sys
print(getattr(sys, 'orig_argv', None))
