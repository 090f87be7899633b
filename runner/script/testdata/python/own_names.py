print(__file__)
print(__name__, __package__, __spec__, __doc__)
print(type(__loader__).__name__, type(__builtins__).__name__)
