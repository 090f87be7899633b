import runpy
print(sorted(k for k in runpy.run_path('beside.py') if not k.startswith('_')))
