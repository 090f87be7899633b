print('no line end', end='')
