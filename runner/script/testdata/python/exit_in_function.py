def f():
    try:
        exit(6)
    finally:
        print('tidy')
f()
