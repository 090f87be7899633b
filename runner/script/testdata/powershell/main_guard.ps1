function Main { "main $args" }
if ($MyInvocation.InvocationName -ne '.') { Main a b }
