import sys
print('out')
sys.exit('naïve reason')
