# Makes a bucket and puts objects into it.
param([Parameter(Mandatory)][string] $Bucket, [int] $Count = 3)

# An aws older than 2.13 does not read AWS_ENDPOINT_URL.
[string[]] $endpoint = @()
if ($env:AWS_ENDPOINT_URL) { $endpoint = '--endpoint-url', $env:AWS_ENDPOINT_URL }
function ConvertTo-Base64([string] $Text) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text)) }

Write-Host "Acting as $(aws @endpoint sts get-caller-identity --query Arn --output text)"
aws @endpoint s3 mb "s3://$Bucket"
foreach ($i in 1..$Count) {
    "object $i" | aws @endpoint s3 cp - "s3://$Bucket/object-$i.txt"
    $percentage, $message = (ConvertTo-Base64 ([int](100 * $i / $Count))), (ConvertTo-Base64 "object $i of $Count")
    Write-Host "##octopus[progress percentage='$percentage' message='$message']"
}
aws @endpoint s3 ls "s3://$Bucket"
Set-OctopusVariable -name 'ObjectCount' -value $Count
