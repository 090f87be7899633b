import inspect


def f():
    return 1  # here


print(inspect.getsource(f), inspect.getsourcefile(f))
