import sys
sys.stdout.buffer.write(b'raw \xff\x00 bytes\n')
print('text', flush=True)
sys.stdout.buffer.write(b'more\n')
