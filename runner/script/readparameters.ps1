$text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String([Console]::In.ReadLine()))
$tokens = $null; $faults = $null
$script = [Management.Automation.Language.Parser]::ParseInput($text, [ref]$tokens, [ref]$faults)
$help = $script.GetHelpContent()
$constant = {
    param($expression)
    if ($expression -is [Management.Automation.Language.ConstantExpressionAst]) { [string]::Format([Globalization.CultureInfo]::InvariantCulture, '{0}', $expression.Value) }
    elseif ($expression -is [Management.Automation.Language.UnaryExpressionAst] -and $expression.Extent.Text -match '^-\d+(\.\d+)?$') { $expression.Extent.Text }
}
$integers = {
    param($attribute)
    $numbers = @($attribute.PositionalArguments | ForEach-Object { & $constant $_ } | Where-Object { $_ -match '^\d{1,9}$' } | ForEach-Object { [int]$_ })
    if ($numbers.Count -eq 2) { $numbers }
}
$list = @()
$sets = @()
if ($script.ParamBlock) {
    $all = @($script.ParamBlock.Attributes) + @($script.ParamBlock.Parameters | ForEach-Object { $_.Attributes })
    foreach ($attribute in $all) {
        if ($attribute -is [Management.Automation.Language.TypeConstraintAst] -or $attribute.TypeName.Name -notmatch '^(Parameter|CmdletBinding)(Attribute)?$') { continue }
        foreach ($named in $attribute.NamedArguments) {
            if ($named.ArgumentName -match '^(Default)?ParameterSetName$') { $sets += [string](& $constant $named.Argument) }
        }
    }
    $sets = @($sets | Where-Object { $_ -ne '' -and $_ -ne '__AllParameterSets' })
    foreach ($parameter in $script.ParamBlock.Parameters) {
        $mandatory = @{ '' = $false }
        $found = @{ Name = $parameter.Name.VariablePath.UserPath; Type = ''; Mandatory = $false; Default = ''; Help = ''; Min = ''; Max = ''; Options = @(); Aliases = @(); Length = @(); Count = @(); Pattern = '' }
        if ($parameter.DefaultValue) {
            $value = & $constant $parameter.DefaultValue
            if ($null -eq $value) { $value = $parameter.DefaultValue.Extent.Text }
            $found.Default = [string]$value
        }
        foreach ($attribute in $parameter.Attributes) {
            if ($attribute -is [Management.Automation.Language.TypeConstraintAst]) { $found.Type = $attribute.TypeName.FullName; continue }
            switch ($attribute.TypeName.Name -replace 'Attribute$', '') {
                'Parameter' {
                    $set = ''; $must = $false
                    foreach ($named in $attribute.NamedArguments) {
                        if ($named.ArgumentName -eq 'Mandatory') { $must = $named.ExpressionOmitted -or $named.Argument.Extent.Text -match '^(\$true|1)$' }
                        if ($named.ArgumentName -eq 'ParameterSetName') { $set = [string](& $constant $named.Argument) }
                        if ($named.ArgumentName -eq 'HelpMessage') { $found.Help = [string](& $constant $named.Argument) }
                    }
                    if ($set -eq '__AllParameterSets') { $set = '' }
                    $mandatory[$set] = $must
                }
                'ValidateSet' { $found.Options = @($attribute.PositionalArguments | ForEach-Object { & $constant $_ } | Where-Object { $null -ne $_ }) }
                'Alias' { $found.Aliases = @($attribute.PositionalArguments | ForEach-Object { & $constant $_ } | Where-Object { $_ }) }
                'ValidateLength' { $found.Length = @(& $integers $attribute) }
                'ValidateCount' { $found.Count = @(& $integers $attribute) }
                'ValidatePattern' {
                    # Other options than these two are left to PowerShell.
                    $option = ($attribute.NamedArguments | Where-Object { $_.ArgumentName -eq 'Options' } | ForEach-Object { $_.Argument.Extent.Text }) -replace '^.*::' -replace '[''"]'
                    $pattern = if ($attribute.PositionalArguments.Count -eq 1) { [string](& $constant $attribute.PositionalArguments[0]) }
                    if ($pattern -and $option -in $null, '', 'IgnoreCase') { $found.Pattern = '(?i)' + $pattern } elseif ($pattern -and $option -eq 'None') { $found.Pattern = $pattern }
                }
                'ValidateRange' {
                    if ($attribute.PositionalArguments.Count -eq 2) {
                        $found.Min = [string](& $constant $attribute.PositionalArguments[0]); $found.Max = [string](& $constant $attribute.PositionalArguments[1])
                    }
                }
            }
        }
        # Which set is used is up to PowerShell: before the run a parameter is mandatory only if every set demands it.
        $found.Mandatory = $mandatory['']
        if ($sets.Count -gt 0) {
            $without = @($sets | Where-Object { -not $(if ($mandatory.ContainsKey($_)) { $mandatory[$_] } else { $mandatory[''] }) })
            $found.Mandatory = $without.Count -eq 0
        }
        if ($help -and $help.Parameters.ContainsKey($found.Name.ToUpperInvariant())) { $found.Help = $help.Parameters[$found.Name.ToUpperInvariant()].Trim() }
        $list += $found
    }
}
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject @($list) -Depth 4 -Compress))))
