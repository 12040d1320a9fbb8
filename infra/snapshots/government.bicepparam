using '../main.bicep'

param location = 'usgovvirginia'
param cloud = 'gcchigh'
param storageSku = 'Standard_LRS'
param availabilityTest = true
param availabilityTestLocation = 'usgov-va-azr'
param alertEmails = ['soc@example.us']
param publishPackage = false
