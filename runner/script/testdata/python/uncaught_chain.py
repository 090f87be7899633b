try:
    {}['x']
except KeyError as e:
    raise RuntimeError('while looking') from e
