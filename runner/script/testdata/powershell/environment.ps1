$env:A = '1'; $env:A; bash -c 'echo $A'; (Get-ChildItem Env: | Where-Object Name -like '*stepdeck*').Count; $env:NO_COLOR
