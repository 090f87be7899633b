[pscustomobject]@{ A = 1; B = 2 }, [pscustomobject]@{ A = 3; B = 4 } | Format-Table; 'end'
