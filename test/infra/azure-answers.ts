import { facts } from '../../infra/hooks/facts.mjs'
import { fails, type Rule, says } from './fake-az.ts'

export const TENANT = '11111111-1111-4111-8111-111111111111'
export const SUBSCRIPTION = '22222222-2222-4222-8222-222222222222'
export const PRINCIPAL = '33333333-3333-4333-8333-333333333333'
export const REGISTRATION = '44444444-4444-4444-8444-444444444444'
export const RESOURCE = '55555555-5555-4555-8555-555555555555'
export const MACHINES = '66666666-6666-4666-8666-666666666666'
export const SOFTWARE = '77777777-7777-4777-8777-777777777777'
const STORAGE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts`
export const HOST_STORAGE = `${STORAGE}/sthost`
export const DATA_STORAGE = `${STORAGE}/stdata`

/** What azd knows once the template was deployed. */
export const OUTPUTS = {
  AZURE_ENV_NAME: 'patchtrail',
  AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
  AZURE_RESOURCE_GROUP: 'rg',
  AZURE_LOCATION: 'westeurope',
  PATCHTRAIL_APP_NAME: 'func-pt',
  PATCHTRAIL_HOST: 'func-pt-abc.westeurope-01.azurewebsites.net',
  PATCHTRAIL_PRINCIPAL_ID: PRINCIPAL,
  PATCHTRAIL_STORAGE_ID: HOST_STORAGE,
  PATCHTRAIL_DATA_STORAGE_ID: HOST_STORAGE,
  PATCHTRAIL_TENANT_ID: TENANT,
  PATCHTRAIL_CLOUD: 'commercial',
}

export const account = (more: object = {}) => ({
  id: SUBSCRIPTION,
  tenantId: TENANT,
  environmentName: 'AzureCloud',
  user: { name: 'ada@contoso.com', type: 'user' },
  ...more,
})
export const signedIn: Rule = ['account show', says(account())]
export const graphCloud: Rule = ['cloud show', says('"https://graph.microsoft.com/"')]

/** Defender's entry in the tenant: the roles for users have the same names, and other ids. */
export const defender = says({
  value: [
    {
      id: RESOURCE,
      appRoles: [
        { value: 'Machine.Read.All', id: 'for-users', allowedMemberTypes: ['User'] },
        { value: 'Machine.Read.All', id: MACHINES, allowedMemberTypes: ['Application'] },
        { value: 'Software.Read.All', id: SOFTWARE, allowedMemberTypes: ['Application'] },
      ],
    },
  ],
})
export const defenderUrl = `servicePrincipals?$filter=appId eq '${facts.resourceAppId}'`
export const defenderThere: Rule = [['GET', defenderUrl], defender]

export const held = (...ids: string[]) =>
  says({ value: ids.map((appRoleId) => ({ appRoleId, resourceId: RESOURCE, principalId: PRINCIPAL })) })
export const assignmentsUrl = `servicePrincipals/${PRINCIPAL}/appRoleAssignments`

/** az's words for an answer of Graph or of Azure: the HTTP reason, and the body. */
const refusal = (reason: string, code: string, message: string) => fails(`${reason}(${JSON.stringify({ error: { code, message } })})`)
export const forbidden = refusal('Forbidden', 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
export const unknownPrincipal = refusal(
  'Not Found',
  'Request_ResourceNotFound',
  `Resource '${PRINCIPAL}' does not exist or one of its queried reference-property objects are not present.`,
)
export const badReference = refusal('Bad Request', 'Request_BadRequest', 'Not a valid reference update.')
export const alreadyExists = refusal('Bad Request', 'Request_BadRequest', 'Permission being assigned already exists on the object')
export const throttled = refusal('Too Many Requests', 'TooManyRequests', 'Too many requests')
export const noRightInAzure = refusal('Forbidden', 'AuthorizationFailed', 'The client does not have authorization to perform the action.')
export const noSuchGroup = refusal('Not Found', 'ResourceGroupNotFound', "Resource group 'rg' could not be found.")
