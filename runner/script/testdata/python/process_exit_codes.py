import multiprocessing as mp, sys


def leave(code):
    sys.exit(code)


if __name__ == '__main__':
    for method in mp.get_all_start_methods():
        p = mp.get_context(method).Process(target=leave, args=(3,))
        p.start()
        p.join()
        print(method, p.exitcode)
