<# .SYNOPSIS x #>
param()
#region a
'a'
#endregion
