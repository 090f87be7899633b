export A=1; bash -c 'echo $A ${B-none}'; B=2 bash -c 'echo $B'; env | grep -i -c stepdeck; env | grep -c '^BASH'; echo "${BASH_ENV-none}"
