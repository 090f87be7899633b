import sys
calls = []


def trace(frame, event, arg):
    calls.append((frame.f_code.co_name, event))


def f():
    return 1


sys.settrace(trace)
f()
sys.settrace(None)
print(calls)
