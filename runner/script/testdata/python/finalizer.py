class C:
    def __del__(self):
        print('deleted')


keep = C()
print('end')
