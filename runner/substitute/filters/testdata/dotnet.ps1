# Prints what .NET itself makes of the cases in a file, as JSON: what the filters in Octopus would call.
param([string] $Cases)
$invariant = [cultureinfo]::InvariantCulture
[cultureinfo]::CurrentCulture = $invariant
function Invoke-Case($case) {
    $text, $options = [text.encoding]::UTF8.GetString([convert]::FromBase64String($case.Text)), @($case.Options)
    switch ($case.Name) {
        'Match' { return [regex]::Match($text, $options[0]).Success.ToString().ToLowerInvariant() }
        'Replace' { return [regex]::Replace($text, $options[0], $options[1]) }
        'ToLower' { return $text.ToLower() }
        'ToUpper' { return $text.ToUpper() }
        'Trim' { return $text.Trim() }
        'UriEscape' { return [uri]::EscapeUriString($text) }
        'UriDataEscape' { return [uri]::EscapeDataString($text) }
        'ToBase64' { return [convert]::ToBase64String([text.encoding]::UTF8.GetBytes($text)) }
        'Int32' { return [int]::Parse($text).ToString($options[0]) }
        'Decimal' { return [decimal]::Parse($text).ToString($options[0]) }
        'Double' { return [double]::Parse($text).ToString($options[0]) }
        'DateTimeOffset' { return [datetimeoffset]::Parse($text).ToString($options[0]) }
        'AddHours' {
            $date = [datetime]::Parse($text, $invariant, 'RoundtripKind')
            if ($date.Kind -ne 'Local') { return $date.AddHours([double]::Parse($options[0])).ToString('O') }
            return [datetimeoffset]::Parse($text).AddHours([double]::Parse($options[0])).ToString('O')
        }
        'UriPart' {
            $uri = $null
            if (-not [uri]::TryCreate($text, 'RelativeOrAbsolute', [ref] $uri)) { return $text }
            switch ($options[0]) {
                'HostAndPort' { return $uri.GetComponents('HostAndPort', 'Unescaped') }
                'SchemeAndServer' { return $uri.GetComponents('SchemeAndServer', 'Unescaped') }
                'Path' { return $uri.LocalPath }
            }
            $value = $uri.($options[0])
            if ($value -is [bool]) { return $value.ToString().ToLowerInvariant() }
            return "$value"
        }
    }
    throw "unknown: $($case.Name)"
}
$answers = foreach ($case in (ConvertFrom-Json ([io.file]::ReadAllText($Cases)))) {
    try { [pscustomobject]@{ OK = $true; Out = [string](Invoke-Case $case) } } catch { [pscustomobject]@{ OK = $false; Out = '' } }
}
[console]::OutputEncoding = [text.utf8encoding]::new($false)
ConvertTo-Json -Compress @($answers)
