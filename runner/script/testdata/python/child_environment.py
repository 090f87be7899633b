import os, subprocess, sys
code = 'import os, sys; print(sorted(os.environ)); print(sys.path[1:]); print("sitecustomize" in sys.modules)'
subprocess.run([sys.executable, '-c', code], check=True)
