import type { AccessToken, TokenCredential } from '@azure/identity'

/** A credential of `@azure/identity` that can also pass by every cache of this process. */
export interface Credential extends TokenCredential {
  /** A token that was asked for just now, for use after a 401. */
  getFreshToken(scope: string): Promise<AccessToken | null>
}

export interface CredentialOptions {
  /** Tenant that the tokens are for. A managed identity only ever has tokens of its own tenant. */
  tenantId?: string
  /** Microsoft Entra authority of the cloud; a managed identity does not need it. */
  authorityUrl?: string
}

/**
 * The usual chain: environment (client secret or certificate), workload identity, managed identity, then developer tools such as
 * Azure CLI. The libraries are loaded with the first token, as most ticks of the timer need none and loading takes 0.2 s.
 * https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/credential-chains#defaultazurecredential-overview
 */
export function createCredential({ tenantId, authorityUrl }: CredentialOptions = {}): Credential {
  const options = {
    ...(tenantId === undefined ? {} : { tenantId, additionallyAllowedTenants: [tenantId] }),
    ...(authorityUrl === undefined ? {} : { authorityHost: authorityUrl }),
    // A slice has 45 s; the default, five retries from 0.8 s on, would spend half of it.
    retryOptions: { maxRetries: 2, retryDelayInMs: 200 },
  }
  const createChain = async () => new (await import('@azure/identity')).DefaultAzureCredential(options)
  let chain: ReturnType<typeof createChain> | undefined
  const latest = new Map<string, string>()

  const credential: Credential = {
    async getToken(scopes, getOptions = {}) {
      chain ??= createChain()
      // Without this, AZURE_TENANT_ID would decide, and one tenant's machines could be stored as another's.
      const token = await (await chain).getToken(scopes, { ...getOptions, ...(tenantId === undefined ? {} : { tenantId }) })
      latest.set(String(scopes), token.token)
      return token
    },
    async getFreshToken(scope) {
      const earlier = latest.get(scope)
      // The cache of every credential but the managed identity lives in its chain.
      chain = undefined
      const token = await credential.getToken(scope)
      return token?.token === earlier ? ((await managedIdentityToken(scope)) ?? token) : token
    },
  }
  return credential
}

/**
 * Asks the managed identity's endpoint even though its library holds a token: that cache belongs to the process, outlives the
 * credential, and is passed by with `forceRefresh` only, which `@azure/identity` does not offer; it ignores `claims`, too.
 * The platform has a cache of its own that nothing passes by, so in Azure the token may still be the same.
 * Null where there is no such endpoint.
 */
async function managedIdentityToken(scope: string): Promise<AccessToken | null> {
  const { ManagedIdentityApplication } = await import('@azure/msal-node')
  // @azure/identity reads the same variable, and a token is cached under this id.
  const clientId = process.env.AZURE_CLIENT_ID
  const application = new ManagedIdentityApplication(clientId ? { managedIdentityIdParams: { userAssignedClientId: clientId } } : {})
  if (application.getManagedIdentitySource() !== 'AppService') return null
  const result = await application.acquireToken({ resource: scope.replace(/\/\.default$/, ''), forceRefresh: true })
  return result.expiresOn === null ? null : { token: result.accessToken, expiresOnTimestamp: result.expiresOn.getTime() }
}
