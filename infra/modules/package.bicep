// Code for an app that is deployed without azd: the platform fetches the package of a release. A file that is merely put into the container is not deployed.

param appName string

@description('Address that the platform can read, of one version: with "latest", the same template would deploy other code.')
param packageUri string

// By its whole name: the type of "onedeploy" is incomplete. https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code#deployment-sources
resource package 'Microsoft.Web/sites/extensions@2024-11-01' = {
  name: '${appName}/onedeploy'
  properties: any({ packageUri: packageUri, remoteBuild: false })
}
