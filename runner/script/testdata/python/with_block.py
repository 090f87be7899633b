class C:
    def __enter__(self):
        print('in')
        return self

    def __exit__(self, *args):
        print('out', args[0])


with C():
    raise SystemExit(4)
