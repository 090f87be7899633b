import contextlib, io
with contextlib.redirect_stdout(io.StringIO()) as out:
    print('kept')
print(repr(out.getvalue()))
