import os, tempfile
with tempfile.TemporaryDirectory() as d:
    p = os.path.join(d, 'f.txt')
    with open(p, 'w', encoding='utf-8') as f:
        f.write('naïve\n')
    print(open(p, encoding='utf-8').read(), os.path.getsize(p))
