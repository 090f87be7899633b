if ($MyInvocation.InvocationName -ne '.') { 'run' } else { 'sourced' }; "[$($MyInvocation.Line)]"; $MyInvocation.MyCommand.Definition
