<#
Lets the app's identity into Defender: gives it the application roles Machine.Read.All and Software.Read.All, by their names.

  ./grant.ps1 -PrincipalId <principal id of the identity> [-Role Vulnerability.Read.All]

Needs az alone, signed in to the identity's tenant as an administrator who may grant roles (named below). PowerShell 7 or 5.1. Serves every
cloud that az knows, and may be run again: what is granted already stays. grant.sh does the same in bash.
Where scripts are not allowed to run: powershell -ExecutionPolicy Bypass -File grant.ps1 -PrincipalId ...
#>
param(
  [Parameter(Mandatory)][guid] $PrincipalId,
  [ValidatePattern('^[A-Za-z.]+$')][string[]] $Role = @()
)
$ErrorActionPreference = 'Stop'

# Its own words, where `throw` would show them between lines of code.
function Stop-With([string] $text) {
  [Console]::Error.WriteLine($text)
  exit 1
}

$resourceAppId = 'fc780465-2017-40d4-a0c5-307022471b92' # WindowsDefenderATP, in every tenant
$roles = @('Machine.Read.All', 'Software.Read.All') + $Role
$administrators = 'Cloud Application Administrator, Application Administrator or Privileged Role Administrator'
$busy = 'Too Many Requests|TooManyRequests|activityLimitReached|Service Unavailable|Bad Gateway|Gateway Time-?out|Internal Server Error'
# A new identity takes a minute or two until Graph knows it.
$newPrincipal = "$busy|Not Found|Request_ResourceNotFound|Bad Request"

# Asks az, again for what passes by itself, three minutes at most. Answers $null for what exists already.
function Ask([string] $passing, [string[]] $arguments) {
  # Windows PowerShell takes what a program writes to stderr for errors of its own.
  $ErrorActionPreference = 'Continue'
  foreach ($pause in 5, 10, 15, 30, 30, 30, 60, 0) {
    $lines = @(& az @arguments --only-show-errors --output json 2>&1)
    $said = ($lines | ForEach-Object { "$_" }) -join "`n"
    if ($LASTEXITCODE -eq 0) { return ConvertFrom-Json (($lines | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] }) -join "`n") }
    if ($said -match 'already exists on the object') { return $null }
    if ($pause -eq 0 -or $said -notmatch $passing) { break }
    Write-Host "Not yet; trying again in $pause s."
    Start-Sleep -Seconds $pause
  }
  if ($said -match 'Forbidden|Authorization_RequestDenied|Insufficient privileges') {
    Stop-With "You may not do this. A $administrators of this tenant may. Nothing more was granted. az said: $said"
  }
  Stop-With "az $($arguments -join ' ') said: $said"
}

if (-not (Get-Command az -ErrorAction SilentlyContinue)) { Stop-With 'The Azure CLI (az) is not there: https://learn.microsoft.com/cli/azure/install-azure-cli' }
$graph = (Ask $busy @('cloud', 'show')).endpoints.microsoftGraphResourceId.TrimEnd('/')
$found = Ask $busy @('rest', '--method', 'GET', '--url', "$graph/v1.0/servicePrincipals?`$filter=appId eq '$resourceAppId'")
$defender = $found.value | Select-Object -First 1
if (-not $defender) { Stop-With 'WindowsDefenderATP is not in this tenant: Defender for Endpoint was never set up in it, or az is signed in to another.' }

$assignments = "$graph/v1.0/servicePrincipals/$PrincipalId/appRoleAssignments"
$held = (Ask $newPrincipal @('rest', '--method', 'GET', '--url', $assignments)).value | Where-Object resourceId -eq $defender.id
$file = New-TemporaryFile
try {
  foreach ($roleName in $roles) {
    $appRole = $defender.appRoles | Where-Object { $_.value -eq $roleName -and $_.allowedMemberTypes -contains 'Application' } | Select-Object -First 1
    if (-not $appRole) { Stop-With "WindowsDefenderATP has no application role $roleName in this tenant." }
    if ($held.appRoleId -contains $appRole.id) { "${roleName}: granted already."; continue }
    # As a file, since quotes in arguments reach az differently from each shell. ASCII: 5.1 would put a mark before UTF-8.
    @{ principalId = "$PrincipalId"; resourceId = $defender.id; appRoleId = $appRole.id } | ConvertTo-Json | Set-Content -Encoding Ascii $file
    $granted = Ask $newPrincipal @('rest', '--method', 'POST', '--url', $assignments, '--headers', 'Content-Type=application/json', '--body', "@$($file.FullName)")
    if ($granted) { "${roleName}: granted." } else { "${roleName}: granted already." }
  }
} finally {
  Remove-Item $file
}
'If the app has run before, restart it (az functionapp restart): tokens are cached, so Defender may answer 403 for up to a day.'
