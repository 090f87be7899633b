import argparse
p = argparse.ArgumentParser(description='does things')
p.add_argument('--count', type=int, default=3, help='how often')
p.parse_args(['--help'])
