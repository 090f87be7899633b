# What every PowerShell script of a step gets: the variables of its project, and a way to set outputs. For Windows
# PowerShell 5.1 and PowerShell 7. The script runs here as a file, with its parameters, in the global scope. Words like
# '@values@' are replaced for each run, including the quotes.

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue' # 5.1 writes progress as XML to the error stream
try {
    if ([Console]::OutputEncoding.CodePage -ne 65001) { [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false) }
    if ([Console]::InputEncoding.CodePage -ne 65001) { [Console]::InputEncoding = [Text.UTF8Encoding]::new($false) }
} catch { $null = $_ } # there is no console to set the encoding of
$OutputEncoding = [Text.UTF8Encoding]::new($false) # of what is piped to programs
# Of 7.4 and later. Methods are quicker at the start of a process than the cmdlets for variables.
$StepdeckVariables = $ExecutionContext.SessionState.PSVariable
if ($StepdeckVariables.Get('PSStyle')) { $PSStyle.OutputRendering = 'PlainText' }
if ($StepdeckVariables.Get('PSNativeCommandArgumentPassing')) { $PSNativeCommandArgumentPassing = 'Legacy' } # as Octopus does, and 5.1
if ($StepdeckVariables.Get('PSNativeCommandUseErrorActionPreference')) { $PSNativeCommandUseErrorActionPreference = '@stop@' -eq 'yes' }

# Base64 of a text in UTF-8, as service messages have it.
function ConvertTo-StepdeckBase64([string]$Text) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text)) }

# Writes a service message with the values, which are names and texts in turn. Not with Write-Host: nothing may wrap or
# catch it.
function Write-StepdeckMessage([string]$Name, [string[]]$Values) {
    $message = "##octopus[$Name"
    for ($i = 0; $i -lt $Values.Count; $i += 2) { $message += " $($Values[$i])='$(ConvertTo-StepdeckBase64 $Values[$i + 1])'" }
    [Console]::Out.WriteLine("$message]")
}

# Sets the output variable Name of this step.
function Set-OctopusVariable {
    param([string]$Name, [string]$Value, [switch]$Sensitive)
    if ([string]::IsNullOrWhiteSpace($Name)) {
        $place = if ($MyInvocation.ScriptName) { "$([IO.Path]::GetFileName($MyInvocation.ScriptName)), " }
        throw "Set-OctopusVariable (${place}line $($MyInvocation.ScriptLineNumber)): the output variable has no name."
    }
    $values = @('name', $Name, 'value', $Value)
    if ($Sensitive) { $values += 'sensitive', 'True' }
    Write-StepdeckMessage setVariable $values
}

# Returns the file that Path leads to, and nothing if there is none.
function Get-StepdeckFile([string]$Path) {
    if ([IO.Directory]::Exists($Path)) { return [IO.DirectoryInfo]::new($Path) }
    if (-not [IO.File]::Exists($Path)) { return }
    $file = [IO.FileInfo]::new($Path)
    if ($file.PSObject.Methods['ResolveLinkTarget']) { # of 7.2 and later
        try { $target = $file.ResolveLinkTarget($true) } catch { return } # a link to itself
        if ($target) { $file = $target }
    }
    if ($file.Exists) { $file }
}

# Returns what a file is. On Windows what is no folder is a file.
function Get-StepdeckKind([IO.FileSystemInfo]$File) {
    if ($File -is [IO.DirectoryInfo]) { return 'a folder' }
    $stat = (Get-Item -LiteralPath $File.FullName -Force).PSObject.Properties['UnixStat']
    switch ("$(if ($stat) { $stat.Value.ItemType })") {
        'NamedPipe' { 'a pipe' }
        'Socket' { 'a socket' }
        { 'CharacterDevice', 'BlockDevice' -contains $_ } { 'a device' }
        default { 'a file' }
    }
}

# Keeps a file with the run when the step has ended, under its own name or Name.
function New-OctopusArtifact {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [Alias('FullName')][string]$Path,
        [Parameter(Position = 1, ValueFromPipelineByPropertyName = $true)][string]$Name
    )
    process {
        $file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
        $title = if ($Name) { $Name } else { [IO.Path]::GetFileName($file) }
        $length = 0
        $found = Get-StepdeckFile $file
        $kind = if ($found) { Get-StepdeckKind $found }
        if ($kind -eq 'a file') { $length = $found.Length }
        elseif ($found) {
            $advice = if ($kind -eq 'a folder') { 'Pack it' } else { 'Write what comes from it' }
            Write-StepdeckLine verbose "$file is $kind, and only files are kept. $advice into a file, and keep that."
        }
        else { Write-StepdeckLine verbose "There is no file $file now. It is kept if it is there when the step ends." }
        Write-StepdeckMessage createArtifact 'path', $file, 'name', $title, 'length', "$length"
    }
}

# Shows how far the step is.
function Update-Progress {
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)][AllowEmptyString()][string]$Percentage,
        [Parameter(Position = 1)][string]$Message
    )
    process { Write-StepdeckMessage progress 'percentage', $Percentage, 'message', $Message }
}

# Writes a line that the log shows at a level.
function Write-StepdeckLine([string]$Level, [string]$Text) {
    [Console]::Out.WriteLine((@("##octopus[stdout-$Level]", $Text, '##octopus[stdout-default]') -join [Environment]::NewLine))
}

function Write-Highlight {
    param([Parameter(Position = 0, ValueFromPipeline = $true)][AllowEmptyString()][string]$Message)
    process { Write-StepdeckLine highlight $Message }
}

function Write-Wait {
    param([Parameter(Position = 0, ValueFromPipeline = $true)][AllowEmptyString()][string]$Message)
    process { Write-StepdeckLine wait $Message }
}

# PowerShell's own Write-Warning, -Verbose and -Debug, whatever becomes of these functions.
$StepdeckVariables.Set([psvariable]::new('StepdeckWrite', @{}, 'Constant'))

# Lets PowerShell write Message to its stream Name, with the level around what may be printed. What a script redirects
# goes where it wants it.
function Write-StepdeckStream([string]$Name, [string]$Level, [string]$Message, $Preference) {
    if (-not $StepdeckWrite[$Name]) { $StepdeckWrite[$Name] = $ExecutionContext.InvokeCommand.GetCommand("Write-$Name", 'Cmdlet') }
    if ('SilentlyContinue', 'Ignore' -contains "$Preference") { & $StepdeckWrite[$Name] -Message $Message; return }
    [Console]::Out.Write("##octopus[stdout-$Level]")
    try { & $StepdeckWrite[$Name] -Message $Message } finally { [Console]::Out.WriteLine('##octopus[stdout-default]') }
}

function Write-Warning {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)][Alias('Msg')][AllowEmptyString()][string]$Message)
    process { Write-StepdeckStream Warning warning $Message $WarningPreference }
}

# Verbose and debug lines are in the log, at the level verbose, unless the script says otherwise in the call itself.
function Write-Verbose {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)][Alias('Msg')][AllowEmptyString()][string]$Message)
    process {
        if ($VerbosePreference -eq 'SilentlyContinue' -and -not $PSBoundParameters.ContainsKey('Verbose')) { $VerbosePreference = 'Continue' }
        Write-StepdeckStream Verbose verbose $Message $VerbosePreference
    }
}

function Write-Debug {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)][Alias('Msg')][AllowEmptyString()][string]$Message)
    process {
        if ($DebugPreference -eq 'SilentlyContinue' -and -not $PSBoundParameters.ContainsKey('Debug')) { $DebugPreference = 'Continue' }
        Write-StepdeckStream Debug verbose $Message $DebugPreference
    }
}

# Runs Command until it ends without an error, at most MaxFailures times, with a pause in seconds between.
function Execute-WithRetry([scriptblock]$Command, [int]$MaxFailures = 3, [int]$SleepBetweenFailures = 1) {
    for ($StepdeckAttempt = 1; ; $StepdeckAttempt++) { # the block sees the variables here
        try { & $Command; return } catch {
            if ($StepdeckAttempt -ge $MaxFailures) { throw }
            Write-StepdeckLine warning "Attempt $StepdeckAttempt of $MaxFailures failed: $($_.Exception.Message)"
        }
        Start-Sleep -Seconds $SleepBetweenFailures
    }
}

# A text as a value of a service message, and a whole value with its name.
function Convert-ServiceMessageValue([string]$Value) { ConvertTo-StepdeckBase64 $Value }
function Convert-ToServiceMessageParameter([string]$Name, [string]$Value) { "$Name='$(ConvertTo-StepdeckBase64 $Value)'" }

# The values of the project's variables by their names, whatever their case.
$OctopusParameters = [Collections.Generic.Dictionary[string,string]]::new([StringComparer]::OrdinalIgnoreCase)

# Takes the values out of their file, which is gone afterwards, and gives each the variables of its own that stand behind it.
# Those that exist already, such as $Host, stay. The file is a separator and then, with it between them, name, value and
# variables in turn: each way to call something costs more at the start of a process than a hundred calls.
function Import-StepdeckValues([string]$File) {
    $text = [IO.File]::ReadAllText($File)
    [IO.File]::Delete($File)
    $parts = $text.Split($text[0])
    $all = $global:OctopusParameters
    for ($i = 1; $i -lt $parts.Length; $i += 3) {
        $all[$parts[$i]] = $parts[$i + 1]
        if ($parts[$i + 2]) {
            foreach ($own in $parts[$i + 2].Split(' ')) {
                if (-not $StepdeckVariables.Get($own)) { $StepdeckVariables.Set($own, $parts[$i + 1]) }
            }
        }
    }
}

# What is known of the step's end besides its exit code. Constant, so that no script loses it by accident.
$StepdeckVariables.Set([psvariable]::new('StepdeckEnd', @{
    Script = '@script@'; Call = $null; Error = $null; Failed = $false; Reason = ''; Bootstrap = $PSCommandPath
    NotFound = $ExecutionContext.InvokeCommand.CommandNotFoundAction
}, 'Constant'))

# Reports why the step failed: at once for its record, and in its log when the script's objects are printed.
function Write-StepdeckReason([string]$Reason) {
    Write-StepdeckMessage resultMessage 'message', $Reason
    $global:StepdeckEnd.Reason = $Reason
}

# Ends the step as failed, for the reason given, from within functions, files and pipelines too. No catch takes a break,
# and its label stands around the script alone, so that all objects before it are printed.
function Stop-StepdeckStep([string]$Reason) {
    $global:StepdeckEnd.Failed = $true
    if ($Reason) { Write-StepdeckReason $Reason }
    break StepdeckStep
}

# Ends the step at once as failed. Its record shows the message.
function Fail-Step([string]$Message) { Stop-StepdeckStep $Message }

# A helper that needs an Octopus server says so, and the script goes on. A name of the helpers' family that does not exist
# ends the step, even where the script would catch the error. Whatever the script or a module defines comes first: this
# is asked when nothing was found. Get-Command finds nothing still.
$ExecutionContext.InvokeCommand.CommandNotFoundAction = {
    param($Sender, $Search)
    $name = $Search.CommandName
    if ($name -match ('^((New|Remove)-Octopus\w*(Target|Account|Worker)|Set-Environment(State|Url)|Report-KubernetesManifest(File)?|' +
            'Import-ScriptModule)$')) {
        $Search.StopSearch = $true
        $Search.CommandScriptBlock = {
            $place = if ($MyInvocation.ScriptName) { "$([IO.Path]::GetFileName($MyInvocation.ScriptName)), " }
            Write-StepdeckLine warning ("The script calls $name (${place}line $($MyInvocation.ScriptLineNumber)), which is for an Octopus " +
                'server and has no counterpart in Stepdeck. Nothing was done.')
        }.GetNewClosure()
    } elseif ($name -match ('^(\w+-Octopus\w*|Write-\w+|Update-Progres\w*|Fail-\w*Step\w*|Execute-WithRe\w*|Set-Environment\w+|' +
            'Report-Kubernetes\w*|Convert-(To)?ServiceMessage\w*|Import-ScriptModule\w*)$')) {
        $Search.StopSearch = $true
        $Search.CommandScriptBlock = {
            $place = if ($MyInvocation.ScriptName) { "$([IO.Path]::GetFileName($MyInvocation.ScriptName)), " }
            Stop-StepdeckStep ("The script calls $name (${place}line $($MyInvocation.ScriptLineNumber)), a helper of Octopus Deploy that " +
                'Stepdeck does not have. The helpers that it has are listed in docs/scripts.md.')
        }.GetNewClosure()
    } elseif ($global:StepdeckEnd.NotFound) { $global:StepdeckEnd.NotFound.Invoke($Sender, $Search) }
}

# Gives the call of the script. Its parameters may stand on several lines: a line break or a comment between them is a
# blank. PowerShell itself reads them, and they must be parameters and nothing else.
function Get-StepdeckCall([string]$Parameters) {
    if ($Parameters.Trim() -eq '') { return { . $StepdeckEnd.Script } }
    $call = '. $StepdeckEnd.Script ' + $Parameters.Trim() + "`n" # a ` at the end has something to stand before
    do {
        $tokens = $errors = $gap = $null
        $tree = [Management.Automation.Language.Parser]::ParseInput($call, [ref]$tokens, [ref]$errors)
        $depth = 0
        foreach ($token in $tokens) { # what stands behind a gap reads otherwise once the gap is closed
            if ('LParen', 'AtParen', 'DollarParen', 'LCurly', 'AtCurly', 'LBracket', 'QuestionLBracket' -contains $token.Kind) { $depth++ }
            elseif ('RParen', 'RCurly', 'RBracket' -contains $token.Kind) { $depth-- }
            elseif ($depth -eq 0 -and 'NewLine', 'Comment' -contains $token.Kind) { $gap = $token.Extent; break }
        }
        if ($gap) { $call = $call.Remove($gap.StartOffset, $gap.EndOffset - $gap.StartOffset).Insert($gap.StartOffset, ' ') }
    } while ($gap)
    if ($errors) { throw "The script parameters can't be read. $($errors[0].Message)" }
    $pipeline = $tree.EndBlock.Statements[0]
    if ($tree.EndBlock.Statements.Count -ne 1 -or -not $pipeline.PipelineElements -or @($pipeline.PipelineElements).Count -ne 1 -or
        $pipeline.Background) {
        throw "The script parameters go on with another command. Put ; & and | in a parameter into quotes."
    }
    [scriptblock]::Create($call)
}

# The call stack of an error without this file.
function Get-StepdeckWay([string]$Way) {
    $lines = @($Way -split "`r?`n" | Where-Object { -not $_.Contains($StepdeckEnd.Bootstrap) })
    if ($lines.Count -and $lines[-1] -like '*, <No file>: line 1') { $lines[-1] = '' } # the call
    ($lines | Where-Object { $_ }) -join [Environment]::NewLine
}

# Writes an uncaught error: what, where, and the call stack without this file.
function Write-StepdeckError($Record) {
    $lines = @("$($Record.CategoryInfo.Category): $Record")
    $at = $Record.InvocationInfo
    if ($at -and $at.ScriptName -ne $StepdeckEnd.Bootstrap -and -not "$($at.psbase.Line)".StartsWith('. $StepdeckEnd.Script')) {
        $lines += $at.PositionMessage
    }
    $lines += Get-StepdeckWay $Record.psbase.ScriptStackTrace
    [Console]::Error.WriteLine(($lines | Where-Object { $_ }) -join [Environment]::NewLine)
}

if ('@values@') { Import-StepdeckValues '@values@' }
$StepdeckVariables.Remove('StepdeckVariables')

try { $StepdeckEnd.Call = Get-StepdeckCall '@parameters@' } catch {
    Write-StepdeckReason "$_"
    [Console]::Error.WriteLine("$_")
    exit 1
}

# The script is dot-sourced, so that its variables and functions are global, as with pwsh -File. If it asks how it was
# called, or for the way to an error, it learns what it would there.
if ('@asks@' -eq 'yes') {
    $own = '$own = $this.psbase; '
    $sourced = $own + 'if ($own.InvocationName -eq "." -and $own.MyCommand.Path -eq $global:StepdeckEnd.Script -and ' +
        '$own.Line.Contains(". `$StepdeckEnd.Script"))'
    $members = @{
        InvocationInfo = @{
            InvocationName = "$sourced { `$global:StepdeckEnd.Script } else { `$own.InvocationName }"
            Line = "$sourced { '' } else { `$own.Line }"
        }
        ErrorRecord = @{ ScriptStackTrace = $own + 'Get-StepdeckWay $own.ScriptStackTrace' }
    }
    $types = foreach ($type in $members.Keys) {
        "<Type><Name>System.Management.Automation.$type</Name><Members>"
        foreach ($name in $members[$type].Keys) {
            "<ScriptProperty><Name>$name</Name><GetScriptBlock>$($members[$type][$name])</GetScriptBlock></ScriptProperty>"
        }
        '</Members></Type>'
    }
    [IO.File]::WriteAllText("$PSScriptRoot/Stepdeck.ps1xml", "<Types>$types</Types>")
    [IO.File]::WriteAllText("$PSScriptRoot/Stepdeck.psd1", "@{ ModuleVersion = '1.0'; TypesToProcess = 'Stepdeck.ps1xml' }")
    Import-Module "$PSScriptRoot/Stepdeck.psd1"
    foreach ($name in 'ps1xml', 'psd1') { [IO.File]::Delete("$PSScriptRoot/Stepdeck.$name") }
    Remove-Variable own, sourced, members, types, type, name
}

# The script's objects are printed by a pipeline of its own, which has ended, and so printed the last of them, before
# anything exits; PowerShell holds them back for a while to find the widths of a table's columns. Errors go the same
# way, as when PowerShell runs a script by itself: programs keep their own error stream so.
try {
    . {
        :StepdeckStep do {
            try { . $StepdeckEnd.Call } catch { $StepdeckEnd.Error = $_ }
        } while ($false)
    } 2>&1 | Microsoft.PowerShell.Core\Out-Default
} catch { if (-not $StepdeckEnd.Error) { $StepdeckEnd.Error = $_ } } # of the printing

if ($StepdeckEnd.Failed) {
    if ($StepdeckEnd.Reason) { [Console]::Error.WriteLine($StepdeckEnd.Reason) }
    exit 1
}
if ($StepdeckEnd.Error) {
    Write-StepdeckError $StepdeckEnd.Error
    if ($StepdeckEnd.Error.Exception.GetType().Name -eq 'NativeCommandExitException') { exit $StepdeckEnd.Error.Exception.ExitCode }
    exit 1
}
if ($ExecutionContext.SessionState.PSVariable.Get('global:LASTEXITCODE')) { exit $global:LASTEXITCODE }
exit 0
