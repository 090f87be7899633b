alias a='echo alias'; a 2>/dev/null || echo none; shopt -s expand_aliases
alias b='echo alias'
b x
