import beside
print(beside.NAME, beside.__name__, beside.__file__)
