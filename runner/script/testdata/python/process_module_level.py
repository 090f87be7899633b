import multiprocessing as mp
print(__name__, __file__ == mp.__file__)


def work(q):
    q.put(1)


if __name__ == '__main__':
    q = mp.get_context('spawn').Queue()
    p = mp.get_context('spawn').Process(target=work, args=(q,))
    p.start()
    print(q.get())
    p.join()
