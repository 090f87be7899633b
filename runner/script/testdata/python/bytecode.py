import beside, os, sys
print(sys.dont_write_bytecode, os.path.exists('__pycache__'))
