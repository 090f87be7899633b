from folder.inner import value
import folder
print(value, folder.__path__)
