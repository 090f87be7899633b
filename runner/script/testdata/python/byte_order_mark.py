print('naïve')
1 / 0
