// What azd passes to the template: each is a variable of its environment, set by `azd env set NAME value` before `azd provision`.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'patchtrail')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param tenantId = readEnvironmentVariable('DEFENDER_TENANT_ID', '')
param clientId = readEnvironmentVariable('DEFENDER_CLIENT_ID', '')
param cloud = readEnvironmentVariable('DEFENDER_CLOUD', '')
param instanceMemoryMB = any(int(readEnvironmentVariable('PATCHTRAIL_INSTANCE_MEMORY_MB', '2048')))
param maximumInstanceCount = int(readEnvironmentVariable('PATCHTRAIL_MAXIMUM_INSTANCE_COUNT', '40'))
param nodeVersion = readEnvironmentVariable('PATCHTRAIL_NODE_VERSION', '24')
param storageSku = readEnvironmentVariable('PATCHTRAIL_STORAGE_SKU', 'Standard_ZRS')
param historyAccountName = readEnvironmentVariable('PATCHTRAIL_HISTORY_ACCOUNT', '')
param historyAccountGroup = readEnvironmentVariable('PATCHTRAIL_HISTORY_ACCOUNT_GROUP', '')
param privateNetwork = bool(readEnvironmentVariable('PATCHTRAIL_PRIVATE_NETWORK', 'false'))
param networkAddressPrefix = readEnvironmentVariable('PATCHTRAIL_NETWORK_ADDRESS_PREFIX', '10.83.0.0/24')
param zoneRedundant = bool(readEnvironmentVariable('PATCHTRAIL_ZONE_REDUNDANT', 'false'))
param alertEmails = filter(split(readEnvironmentVariable('PATCHTRAIL_ALERT_EMAILS', ''), ','), email => !empty(email))
param leastCoveragePercent = int(readEnvironmentVariable('PATCHTRAIL_LEAST_COVERAGE_PERCENT', '95'))
param availabilityTest = bool(readEnvironmentVariable('PATCHTRAIL_AVAILABILITY_TEST', 'false'))
param availabilityTestLocation = readEnvironmentVariable('PATCHTRAIL_AVAILABILITY_TEST_LOCATION', 'emea-nl-ams-azr')
// azd publishes the package that it has just made.
param publishPackage = false
param packageUri = ''
// settings:begin
param settings = {
  DEFENDER_REGION: readEnvironmentVariable('DEFENDER_REGION', '')
  DEFENDER_API_URL: readEnvironmentVariable('DEFENDER_API_URL', '')
  DEFENDER_SCOPE: readEnvironmentVariable('DEFENDER_SCOPE', '')
  AZURE_AUTHORITY_HOST: readEnvironmentVariable('AZURE_AUTHORITY_HOST', '')
  SYNC_SCHEDULE: readEnvironmentVariable('SYNC_SCHEDULE', '')
  SYNC_CALLS_PER_MINUTE: readEnvironmentVariable('SYNC_CALLS_PER_MINUTE', '')
  SYNC_CALLS_PER_HOUR: readEnvironmentVariable('SYNC_CALLS_PER_HOUR', '')
  SYNC_CONCURRENCY: readEnvironmentVariable('SYNC_CONCURRENCY', '')
  SYNC_SLICE_SECONDS: readEnvironmentVariable('SYNC_SLICE_SECONDS', '')
  SYNC_LEASE_SECONDS: readEnvironmentVariable('SYNC_LEASE_SECONDS', '')
  MACHINE_FILTER: readEnvironmentVariable('MACHINE_FILTER', '')
  MACHINE_PLATFORMS: readEnvironmentVariable('MACHINE_PLATFORMS', '')
  TABLE_PREFIX: readEnvironmentVariable('TABLE_PREFIX', '')
  HEALTH_STALE_HOURS: readEnvironmentVariable('HEALTH_STALE_HOURS', '')
  HEALTH_LEAST_ASSESSED: readEnvironmentVariable('HEALTH_LEAST_ASSESSED', '')
}
// settings:end
