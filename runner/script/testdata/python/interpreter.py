import sys
print(sys.executable, sys.prefix, sys.flags, sys.warnoptions, sys._xoptions)
