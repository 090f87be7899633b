import sys
out = sys.stdout.detach()
out.write(b'detached\n')
out.flush()
