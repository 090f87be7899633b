import json, sys
json.dump({'b': [1, None, True], 'a': 'naïve'}, sys.stdout, indent=2, sort_keys=True, ensure_ascii=False)
print()
