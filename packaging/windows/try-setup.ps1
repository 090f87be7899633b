# Installs Stepdeck by its setup program on a real Windows, looks at it, and uninstalls it: try-setup.ps1 -Packages FOLDER
# -Signed: signatures have to be ones that this Windows trusts, with a time stamp. Runs in Windows PowerShell 5.1 and in PowerShell 7.
param(
    [Parameter(Mandatory = $true)] [string] $Packages,
    [switch] $Signed
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

$folder = Join-Path $env:LOCALAPPDATA 'Programs\Stepdeck'
$key = 'HKCU:\Software\Microsoft\Windows\CurrentVersion\Uninstall\io.github.stepdeck.stepdeck'

function Assert-True([bool] $Condition, [string] $What) {
    if (-not $Condition) {
        throw "not so: $What"
    }
    Write-Host "ok: $What"
}

function Start-AndWait([string] $Program, [string[]] $Arguments) {
    $process = Start-Process -FilePath $Program -ArgumentList $Arguments -Wait -PassThru
    return $process.ExitCode
}

function Assert-Signature([string] $File) {
    $signature = Get-AuthenticodeSignature -LiteralPath $File
    if ($Signed) {
        Assert-True ($signature.Status -eq 'Valid') "$File is signed by somebody whom Windows trusts"
        Assert-True ($null -ne $signature.TimeStamperCertificate) "$File carries a time stamp"
    } else {
        Assert-True ($null -ne $signature.SignerCertificate) "$File carries a signature"
    }
}

function Get-UserPath {
    $environment = [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey('Environment')
    return [string] $environment.GetValue('Path', '', 'DoNotExpandEnvironmentNames')
}

$setup = Get-ChildItem -Path $Packages -Filter 'Stepdeck-*-windows-amd64-setup*.exe' |
    Where-Object { $_.Name -notmatch 'all-users' } |
    Select-Object -First 1
Assert-True ($null -ne $setup) "there is a setup program in $Packages"
Get-ChildItem -Path $Packages -Include '*.exe', '*.msi' -Recurse | ForEach-Object { Assert-Signature $_.FullName }

$before = Get-UserPath
Assert-True ((Start-AndWait $setup.FullName @('/S', '/PATH=yes')) -eq 0) 'it installs'
foreach ($file in 'Stepdeck.exe', 'bin\stepdeck.exe', 'bin\stepdeck-supervisor.exe', 'uninstall.exe') {
    Assert-Signature (Join-Path $folder $file)
}
Assert-True ((Get-UserPath) -match [regex]::Escape((Join-Path $folder 'bin'))) 'the command is on the PATH'
& (Join-Path $folder 'bin\stepdeck.exe') version
Assert-True ($LASTEXITCODE -eq 0) 'the command tells its version'

$window = Start-Process -FilePath (Join-Path $folder 'Stepdeck.exe') -PassThru
Start-Sleep -Seconds 3
if (-not $window.HasExited) {
    Assert-True ((Start-AndWait $setup.FullName @('/S')) -eq 12) 'a setup while the window is open changes nothing'
    $window.Kill()
    $window.WaitForExit()
} else {
    Write-Warning "the window does not open here (exit code $($window.ExitCode)): this machine may have no OpenGL"
}

Assert-True ((Start-AndWait $setup.FullName @('/S')) -eq 0) 'it installs over itself'
Assert-True ((Get-UserPath) -match [regex]::Escape((Join-Path $folder 'bin'))) 'the choice of before counts'
Start-AndWait (Join-Path $folder 'uninstall.exe') @('/S') | Out-Null
# The uninstaller goes on in a copy of itself.
for ($i = 0; $i -lt 120 -and ((Test-Path $folder) -or (Test-Path $key)); $i++) {
    Start-Sleep -Milliseconds 500
}
Assert-True (-not (Test-Path $folder)) 'the folder is gone'
Assert-True (-not (Test-Path $key)) 'the entry of the uninstaller is gone'
Assert-True ((Get-UserPath).TrimEnd(';') -eq $before.TrimEnd(';')) 'the PATH is as it was'
