import multiprocessing as mp


def work():
    raise ValueError('in child')


if __name__ == '__main__':
    p = mp.get_context('spawn').Process(target=work, name='child')
    p.start()
    p.join()
    print(p.exitcode)
