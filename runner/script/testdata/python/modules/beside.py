NAME = 'beside'


def fail():
    raise LookupError('beside')
