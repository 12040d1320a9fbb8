<#
Many tenants: makes the app registration that customers consent to, or finds it, and lets the app's identity act as it.

  ./register.ps1 [-Name patchtrail] [-ClientId <id>] [-Redirect <https address>] [-PrincipalId <id>] [-Role <further role>]

-ClientId     a registration that is there, if its name does not say which; else it is found by -Name, or made
-Redirect     where Entra sends whoever consented: a page of yours that says "done" (only where it is made)
-PrincipalId  the identity's principal (object) id; can be left out while there is no identity, and given later

Needs az alone, signed in to the identity's tenant by one who may register apps. PowerShell 7 or 5.1. May be run again: what is there stays.
register.sh does the same in bash.
Where scripts are not allowed to run: powershell -ExecutionPolicy Bypass -File register.ps1 ...
#>
param(
  [ValidatePattern('^[A-Za-z0-9._ -]+$')][string] $Name = 'patchtrail',
  [string] $ClientId,
  [string] $Redirect,
  [string] $PrincipalId,
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
$audiences = @{
  'https://login.microsoftonline.com' = 'api://AzureADTokenExchange'
  'https://login.microsoftonline.us'  = 'api://AzureADTokenExchangeUSGov'
}
# What Entra has just made, it may not find for some seconds.
$passing = 'Too Many Requests|TooManyRequests|Service Unavailable|Bad Gateway|Gateway Time-?out|Internal Server Error|does not exist|Not Found|Request_ResourceNotFound'

function Ask([string[]] $arguments) {
  # Windows PowerShell takes what a program writes to stderr for errors of its own.
  $ErrorActionPreference = 'Continue'
  foreach ($pause in 5, 10, 15, 30, 30, 0) {
    $lines = @(& az @arguments --only-show-errors --output json 2>&1)
    $said = ($lines | ForEach-Object { "$_" }) -join "`n"
    if ($LASTEXITCODE -eq 0) {
      $answer = ($lines | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] }) -join "`n"
      if ($answer) { return ConvertFrom-Json $answer } else { return $null }
    }
    if ($pause -eq 0 -or $said -notmatch $passing) { break }
    Write-Host "Not yet; trying again in $pause s."
    Start-Sleep -Seconds $pause
  }
  if ($said -match 'Forbidden|Authorization_RequestDenied|Insufficient privileges') {
    Stop-With "You may not do this: it takes an Application Developer to register, and the owner or an Application Administrator to change. az said: $said"
  }
  Stop-With "az $($arguments -join ' ') said: $said"
}

if (-not (Get-Command az -ErrorAction SilentlyContinue)) { Stop-With 'The Azure CLI (az) is not there: https://learn.microsoft.com/cli/azure/install-azure-cli' }
$tenant = (Ask @('account', 'show')).tenantId
$endpoints = (Ask @('cloud', 'show')).endpoints
$authority = $endpoints.activeDirectory.TrimEnd('/')
$audience = $audiences[$authority]
if (-not $audience) { Stop-With "The app knows no Defender in the cloud of $authority." }

# The registration.
if (-not $ClientId) {
  $same = @(Ask @('ad', 'app', 'list', '--filter', "displayName eq '$Name'") | ForEach-Object { $_ })
  if ($same.Count -gt 1) { Stop-With "More than one registration is called $Name. Say which with -ClientId: $($same.appId -join ', ')" }
  if ($same.Count -eq 1) { $ClientId = $same[0].appId }
}
if (-not $ClientId) {
  $create = @('ad', 'app', 'create', '--display-name', $Name, '--sign-in-audience', 'AzureADMultipleOrgs')
  if ($Redirect) { $create += @('--web-redirect-uris', $Redirect) }
  $ClientId = (Ask $create).appId
  "Made the registration $Name."
}
$registration = Ask @('ad', 'app', 'show', '--id', $ClientId)
if ($registration.signInAudience -ne 'AzureADMultipleOrgs') {
  Stop-With "The registration $ClientId is for one tenant, and may serve something else. If it is the app's: az ad app update --id $ClientId --sign-in-audience AzureADMultipleOrgs"
}

# What customers consent to.
$graph = $endpoints.microsoftGraphResourceId.TrimEnd('/')
$found = Ask @('rest', '--method', 'GET', '--url', "$graph/v1.0/servicePrincipals?`$filter=appId eq '$resourceAppId'")
$defender = $found.value | Select-Object -First 1
if (-not $defender) {
  'WindowsDefenderATP is not in this tenant, where the names of its roles are looked up: Defender for Endpoint was never set up in it.'
  'No permission was required. Set it up and run this again, or add them by their ids: docs/tenants.md, step 1.'
  $roles = @()
}
$required = ($registration.requiredResourceAccess | Where-Object resourceAppId -eq $resourceAppId).resourceAccess.id
foreach ($roleName in $roles) {
  $appRole = $defender.appRoles | Where-Object { $_.value -eq $roleName -and $_.allowedMemberTypes -contains 'Application' } | Select-Object -First 1
  if (-not $appRole) { Stop-With "WindowsDefenderATP has no application role $roleName in this tenant." }
  if ($required -contains $appRole.id) { "${roleName}: required already."; continue }
  $null = Ask @('ad', 'app', 'permission', 'add', '--id', $ClientId, '--api', $resourceAppId, '--api-permissions', "$($appRole.id)=Role")
  "${roleName}: required. Who has consented before has to consent again."
}

# Who may act as it.
if ($PrincipalId) {
  $issuer = "$authority/$tenant/v2.0"
  $credentials = Ask @('ad', 'app', 'federated-credential', 'list', '--id', $ClientId)
  if ($credentials | Where-Object { $_.issuer -eq $issuer -and $_.subject -eq $PrincipalId -and $_.audiences -contains $audience }) {
    "Trusts the identity $PrincipalId already."
  } else {
    # As a file, since quotes in arguments reach az differently from each shell. ASCII: 5.1 would put a mark before UTF-8.
    $file = New-TemporaryFile
    @{ name = "patchtrail-$PrincipalId"; issuer = $issuer; subject = $PrincipalId; audiences = @($audience) } | ConvertTo-Json | Set-Content -Encoding Ascii $file
    try { $null = Ask @('ad', 'app', 'federated-credential', 'create', '--id', $ClientId, '--parameters', "@$($file.FullName)") } finally { Remove-Item $file }
    "Trusts the identity $PrincipalId. It can take minutes to work."
  }
} else {
  'Trusts no identity by this run: when there is one, run it again with -PrincipalId <its principal id>.'
}

"DEFENDER_CLIENT_ID is $ClientId (azd env set DEFENDER_CLIENT_ID $ClientId)"
"Each customer's administrator consents at $authority/<tenant id of the customer>/adminconsent?client_id=$ClientId"
