using '../main.bicep'

param clientId = '11111111-1111-1111-1111-111111111111'
param instanceMemoryMB = 512
param maximumInstanceCount = 100
param zoneRedundant = true
param alertEmails = ['soc@example.com', 'operations@example.com']
param availabilityTest = true
param publishPackage = false
