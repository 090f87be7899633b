from concurrent.futures import ProcessPoolExecutor
import multiprocessing as mp


def work(x):
    return x + 1


if __name__ == '__main__':
    with ProcessPoolExecutor(2, mp_context=mp.get_context('spawn')) as pool:
        print(sorted(pool.map(work, range(4))))
