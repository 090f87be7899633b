print('a')
raise KeyboardInterrupt
