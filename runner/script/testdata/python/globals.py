print(sorted(globals()))
print(dir())
