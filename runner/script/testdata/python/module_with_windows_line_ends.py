import windows
print(windows.text)
