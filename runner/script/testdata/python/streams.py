import sys
for s in (sys.stdin, sys.stdout, sys.stderr):
    print(s.encoding, s.errors, s.isatty(), s.mode, s.newlines, s.fileno())
print(type(sys.stdout.buffer).__name__, sys.stdout is sys.__stdout__)
