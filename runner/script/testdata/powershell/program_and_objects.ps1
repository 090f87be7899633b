[pscustomobject]@{ A = 1 }; bash -c 'echo between'; [pscustomobject]@{ A = 2 }; 'end'
