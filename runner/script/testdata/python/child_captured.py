import subprocess, sys
out = subprocess.check_output([sys.executable, '-c', 'print("na\u00efve")'], text=True)
print(repr(out))
