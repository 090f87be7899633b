text = '''a
b'''
