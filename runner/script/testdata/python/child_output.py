import subprocess, sys
print('first', flush=True)
subprocess.run([sys.executable, '-c', 'print("second")'])
print('third')
