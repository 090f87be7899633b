#requires -Version 5.1
'a'
