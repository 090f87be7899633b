import locale, sys
print(locale.getpreferredencoding(False), sys.getfilesystemencoding(), sys.getdefaultencoding())
