// What grant.sh and register.sh do, for those who keep their grants as Bicep. NEVER COMPILED HERE: its extension comes from a registry that
// the project's checks do not reach. Public cloud only. Where the two differ, the scripts are right: they are what the tests run.
//
//   az deployment group create --resource-group <group> --template-file infra/grants/main.bicep --parameters principalId=<principal id>
//
// Run by a Cloud Application Administrator, Application Administrator or Privileged Role Administrator: never from a pipeline, whose
// identity could then grant anything to anybody. A second run was reported to fail (microsoftgraph/msgraph-bicep-types#161): use the script.

extension microsoftGraphV1

@description('Principal (object) id of the user-assigned identity: the output PATCHTRAIL_PRINCIPAL_ID of the main template.')
param principalId string

@description('Application roles of WindowsDefenderATP, by name.')
param roles string[] = loadJsonContent('facts.json', 'appRoles')

@description('For many tenants: the unique name of the registration that customers consent to. Empty: the identity itself gets the roles.')
param registrationName string = ''

var facts = loadJsonContent('facts.json')

resource defender 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: facts.resourceAppId
}

resource grants 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for role in roles: if (empty(registrationName)) {
    appRoleId: filter(defender.appRoles, appRole => appRole.value == role)[0].id
    principalId: principalId
    resourceId: defender.id
  }
]

resource registration 'Microsoft.Graph/applications@v1.0' = if (!empty(registrationName)) {
  uniqueName: registrationName
  displayName: registrationName
  signInAudience: 'AzureADMultipleOrgs'
  requiredResourceAccess: [
    {
      resourceAppId: facts.resourceAppId
      resourceAccess: map(roles, role => {
        id: filter(defender.appRoles, appRole => appRole.value == role)[0].id
        type: 'Role'
      })
    }
  ]

  resource credential 'federatedIdentityCredentials@v1.0' = {
    name: '${registration.uniqueName}/patchtrail-${principalId}'
    issuer: '${facts.clouds.commercial.authorityUrl}/${tenant().tenantId}/v2.0'
    subject: principalId
    audiences: [facts.clouds.commercial.assertionAudience]
  }
}

@description('For many tenants: the value of DEFENDER_CLIENT_ID.')
output clientId string = empty(registrationName) ? '' : registration.?appId ?? ''
