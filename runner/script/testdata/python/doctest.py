def double(x):
    """
    >>> double(2)
    5
    """
    return 2 * x


if __name__ == '__main__':
    import doctest
    print(doctest.testmod())
