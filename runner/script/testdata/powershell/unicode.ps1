'naïve 🚀'; 'naïve'.Length; [Text.Encoding]::UTF8.GetBytes('é') -join ' '
