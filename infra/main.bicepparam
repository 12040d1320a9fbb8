// What azd passes to the template: each is a variable of its environment, set by `azd env set NAME value` before `azd provision`.
using 'main.bicep'

// `azd env set NAME ''` is how one takes a value back.
var memory = readEnvironmentVariable('PATCHTRAIL_INSTANCE_MEMORY_MB', '')
var instances = readEnvironmentVariable('PATCHTRAIL_MAXIMUM_INSTANCE_COUNT', '')
var coverage = readEnvironmentVariable('PATCHTRAIL_LEAST_COVERAGE_PERCENT', '')
var node = readEnvironmentVariable('PATCHTRAIL_NODE_VERSION', '')
var sku = readEnvironmentVariable('PATCHTRAIL_STORAGE_SKU', '')
var isPrivate = readEnvironmentVariable('PATCHTRAIL_PRIVATE_NETWORK', '')
var inZones = readEnvironmentVariable('PATCHTRAIL_ZONE_REDUNDANT', '')
var isTested = readEnvironmentVariable('PATCHTRAIL_AVAILABILITY_TEST', '')
var prefix = readEnvironmentVariable('PATCHTRAIL_NETWORK_ADDRESS_PREFIX', '')

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'patchtrail')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param tenantId = readEnvironmentVariable('DEFENDER_TENANT_ID', '')
param clientId = readEnvironmentVariable('DEFENDER_CLIENT_ID', '')
param cloud = readEnvironmentVariable('DEFENDER_CLOUD', '')
param instanceMemoryMB = any(int(empty(memory) ? '2048' : memory))
param maximumInstanceCount = int(empty(instances) ? '40' : instances)
param nodeVersion = any(empty(node) ? '24' : node)
param storageSku = any(empty(sku) ? 'Standard_ZRS' : sku)
param historyAccountName = readEnvironmentVariable('PATCHTRAIL_HISTORY_ACCOUNT', '')
param historyAccountGroup = readEnvironmentVariable('PATCHTRAIL_HISTORY_ACCOUNT_GROUP', '')
param privateNetwork = bool(empty(isPrivate) ? 'false' : isPrivate)
param networkAddressPrefix = empty(prefix) ? '10.83.0.0/24' : prefix
param zoneRedundant = bool(empty(inZones) ? 'false' : inZones)
param alertEmails = filter(split(readEnvironmentVariable('PATCHTRAIL_ALERT_EMAILS', ''), ','), email => !empty(email))
param leastCoveragePercent = int(empty(coverage) ? '95' : coverage)
param availabilityTest = bool(empty(isTested) ? 'false' : isTested)
param availabilityTestLocation = readEnvironmentVariable('PATCHTRAIL_AVAILABILITY_TEST_LOCATION', '')
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
  SOURCE: readEnvironmentVariable('SOURCE', '')
  EXPORT_SAMPLE: readEnvironmentVariable('EXPORT_SAMPLE', '')
  MACHINE_FILTER: readEnvironmentVariable('MACHINE_FILTER', '')
  MACHINE_PLATFORMS: readEnvironmentVariable('MACHINE_PLATFORMS', '')
  TABLE_PREFIX: readEnvironmentVariable('TABLE_PREFIX', '')
  HEALTH_STALE_HOURS: readEnvironmentVariable('HEALTH_STALE_HOURS', '')
  HEALTH_LEAST_ASSESSED: readEnvironmentVariable('HEALTH_LEAST_ASSESSED', '')
  CATALOGUE_POLICY: readEnvironmentVariable('CATALOGUE_POLICY', '')
  PAGE_SIGN_IN: readEnvironmentVariable('PAGE_SIGN_IN', '')
  CATALOGUE: readEnvironmentVariable('CATALOGUE', '')
  CATALOGUE_MSRC_URL: readEnvironmentVariable('CATALOGUE_MSRC_URL', '')
  CATALOGUE_KEV_URL: readEnvironmentVariable('CATALOGUE_KEV_URL', '')
}
// settings:end
