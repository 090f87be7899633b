import argparse
p = argparse.ArgumentParser()
p.add_argument('first', nargs='?')
p.add_argument('--flag', action='store_true')
print(p.parse_known_args())
