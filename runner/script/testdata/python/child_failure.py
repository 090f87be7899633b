import subprocess, sys
subprocess.run([sys.executable, '-c', 'raise SystemExit(3)'], check=True)
