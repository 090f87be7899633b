import multiprocessing as mp


def work(x):
    return x * x, __name__


if __name__ == '__main__':
    if 'forkserver' in mp.get_all_start_methods():
        with mp.get_context('forkserver').Pool(2) as pool:
            print(pool.map(work, range(5)))
