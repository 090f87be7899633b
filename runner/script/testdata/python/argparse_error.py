import argparse
p = argparse.ArgumentParser()
p.add_argument('--count', type=int)
p.parse_args(['--count', 'x'])
