import importlib.util, sys
print(importlib.util.find_spec('beside').origin, importlib.util.find_spec('no_such_module_at_all'))
