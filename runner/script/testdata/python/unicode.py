print('naïve 日本語 🚀 \u2028|')
print(ascii('é'))
