# What every PowerShell script of a step finds: the variables of its project, and a way to set outputs. For Windows
# PowerShell 5.1 and PowerShell 7. The script runs here as a file, with its parameters, in the global scope. Words like
# '@values@' are filled in for each run, quotes and all.

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue' # 5.1 writes progress as XML to the error stream
try {
    [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
    [Console]::InputEncoding = [Text.UTF8Encoding]::new($false)
} catch { Write-Verbose 'There is no console to set the encoding of.' }
$OutputEncoding = [Text.UTF8Encoding]::new($false) # of what is piped to programs
if (Test-Path variable:PSStyle) { $PSStyle.OutputRendering = 'PlainText' }
if (Test-Path variable:PSNativeCommandArgumentPassing) { $PSNativeCommandArgumentPassing = 'Legacy' } # as Octopus does, and 5.1
if (Test-Path variable:PSNativeCommandUseErrorActionPreference) { $PSNativeCommandUseErrorActionPreference = '@stop@' -eq 'yes' }

# Sets the output variable Name of this step.
function Set-OctopusVariable {
    param([string]$Name, [string]$Value, [switch]$Sensitive)
    $encoded = foreach ($text in $Name, $Value) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text)) }
    $flag = ''
    if ($Sensitive) { $flag = " sensitive='VHJ1ZQ=='" } # base64 of True
    # Not Write-Host: nothing may wrap or catch the message.
    [Console]::Out.WriteLine("##octopus[setVariable name='$($encoded[0])' value='$($encoded[1])'$flag]")
}

# The values of the project's variables by their names, whatever their case.
$OctopusParameters = [Collections.Generic.Dictionary[string,string]]::new([StringComparer]::OrdinalIgnoreCase)

# Takes the values out of their file, which is gone afterwards, and gives each a variable of its own as well: its name
# without all that is no letter, digit or _, and once more without _. What exists already, such as $Host, stays.
function Import-StepdeckValues([string]$File) {
    $lines = [IO.File]::ReadAllLines($File)
    [IO.File]::Delete($File)
    foreach ($line in $lines) {
        $name, $value = foreach ($part in $line.Split(' ')) { [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($part)) }
        $global:OctopusParameters[$name] = $value
    }
    # Automatic variables that do not exist yet, or only in other scopes.
    $taken = [Collections.Generic.HashSet[string]]::new([StringComparer]::OrdinalIgnoreCase)
    foreach ($name in @('_', 'PSItem', 'args', 'input', 'this', 'foreach', 'switch', 'matches', 'LASTEXITCODE', 'OFS', 'PSCmdlet', 'PSBoundParameters',
            'PSScriptRoot', 'PSCommandPath', 'MyInvocation', 'PSDebugContext', 'Event', 'EventArgs', 'EventSubscriber', 'Sender', 'Profile', 'StackTrace')) { [void]$taken.Add($name) }
    foreach ($variable in Get-Variable -Scope Global) { [void]$taken.Add($variable.Name) }
    $own = [Collections.Generic.Dictionary[string,string]]::new([StringComparer]::OrdinalIgnoreCase)
    foreach ($pair in $global:OctopusParameters.GetEnumerator()) {
        if ($pair.Key.Contains('[')) { continue }
        $own[($pair.Key -replace '[^\p{L}\p{Nd}]', '')] = $pair.Value
    }
    foreach ($pair in $global:OctopusParameters.GetEnumerator()) {
        if ($pair.Key.Contains('[')) { continue }
        $own[($pair.Key -replace '[^\p{L}\p{Nd}_]', '')] = $pair.Value
    }
    foreach ($pair in $global:OctopusParameters.GetEnumerator()) {
        if ($own.ContainsKey($pair.Key)) { $own[$pair.Key] = $pair.Value } # who has the name itself comes first
    }
    foreach ($pair in $own.GetEnumerator()) {
        if ($pair.Key -ne '' -and -not $taken.Contains($pair.Key)) { Set-Variable -Name $pair.Key -Value $pair.Value -Scope Global }
    }
}

# Writes an error that nobody caught: what, where, and the way there without this file.
function Write-StepdeckError($Record) {
    $lines = @("$($Record.CategoryInfo.Category): $Record")
    if ($Record.InvocationInfo) { $lines += $Record.InvocationInfo.PositionMessage }
    $lines += @("$($Record.ScriptStackTrace)" -split "`r?`n" | Where-Object { -not $_.Contains($PSCommandPath) })
    [Console]::Error.WriteLine(($lines | Where-Object { $_ }) -join [Environment]::NewLine)
}

if ('@values@') { Import-StepdeckValues '@values@' }

try {
    . '@script@' '@parameters@'

} catch {
    Write-StepdeckError $_
    if ($_.Exception.GetType().Name -eq 'NativeCommandExitException') { exit $_.Exception.ExitCode }
    exit 1
}
if (Test-Path variable:global:LASTEXITCODE) { exit $global:LASTEXITCODE }
exit 0
