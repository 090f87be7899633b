$text = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String([Console]::In.ReadLine()))
$tokens = $null; $faults = $null
$script = [Management.Automation.Language.Parser]::ParseInput($text, [ref]$tokens, [ref]$faults)
$help = $script.GetHelpContent()
$constant = {
    param($expression)
    if ($expression -is [Management.Automation.Language.ConstantExpressionAst]) { [string]::Format([Globalization.CultureInfo]::InvariantCulture, '{0}', $expression.Value) }
    elseif ($expression -is [Management.Automation.Language.UnaryExpressionAst] -and $expression.Extent.Text -match '^-\d+(\.\d+)?$') { $expression.Extent.Text }
}
$list = @()
if ($script.ParamBlock) {
    foreach ($parameter in $script.ParamBlock.Parameters) {
        $found = @{ Name = $parameter.Name.VariablePath.UserPath; Type = ''; Mandatory = $false; Default = ''; Help = ''; Min = ''; Max = ''; Options = @() }
        if ($parameter.DefaultValue) {
            $value = & $constant $parameter.DefaultValue
            if ($null -eq $value) { $value = $parameter.DefaultValue.Extent.Text }
            $found.Default = [string]$value
        }
        foreach ($attribute in $parameter.Attributes) {
            if ($attribute -is [Management.Automation.Language.TypeConstraintAst]) { $found.Type = $attribute.TypeName.FullName; continue }
            switch ($attribute.TypeName.Name -replace 'Attribute$', '') {
                'Parameter' {
                    foreach ($named in $attribute.NamedArguments) {
                        if ($named.ArgumentName -eq 'Mandatory') { $found.Mandatory = $found.Mandatory -or $named.ExpressionOmitted -or $named.Argument.Extent.Text -match '^(\$true|1)$' }
                        if ($named.ArgumentName -eq 'HelpMessage') { $found.Help = [string](& $constant $named.Argument) }
                    }
                }
                'ValidateSet' { $found.Options = @($attribute.PositionalArguments | ForEach-Object { & $constant $_ } | Where-Object { $null -ne $_ }) }
                'ValidateRange' {
                    if ($attribute.PositionalArguments.Count -eq 2) {
                        $found.Min = [string](& $constant $attribute.PositionalArguments[0]); $found.Max = [string](& $constant $attribute.PositionalArguments[1])
                    }
                }
            }
        }
        if ($help -and $help.Parameters.ContainsKey($found.Name.ToUpperInvariant())) { $found.Help = $help.Parameters[$found.Name.ToUpperInvariant()].Trim() }
        $list += $found
    }
}
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject @($list) -Depth 4 -Compress))))
