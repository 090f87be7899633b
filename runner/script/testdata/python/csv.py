import csv, sys
w = csv.writer(sys.stdout)
w.writerow(['a', 'b,c', 'd"e'])
