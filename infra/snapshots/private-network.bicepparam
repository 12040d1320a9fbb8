using '../main.bicep'

param privateNetwork = true
param historyAccountName = 'historyofall'
param historyAccountGroup = 'history'
param settings = {
  SYNC_SCHEDULE: '0 0 3 * * *'
}
param publishPackage = false
