import { AppIdentityError, isClientRefused } from './app-identity-error.ts'
import type { Credential } from './credential.ts'

/** What the app proves to other tenants that it is itself with: a token of its managed identity, good for this exchange only. */
export interface AppIdentity {
  /** The client id of the app's registration in its home tenant. */
  clientId: string
  assertion(): Promise<string>
}

/** As for the usual chain: a slice has 45 s. */
const RETRIES = { maxRetries: 2, retryDelayInMs: 200 }

/**
 * The app as a client of a tenant: the identity's assertion for a token of that tenant. Nothing is kept here but the identity's own cache:
 * of hundreds of tenants, each source of tokens holds its one.
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export function createAssertionCredential(
  app: AppIdentity,
  { tenantId, authorityUrl }: { tenantId: string; authorityUrl: string },
): Credential {
  const getToken = async (scope: string) => {
    const assertion = await app.assertion().catch((cause: unknown) => {
      throw new AppIdentityError('the managed identity of the app gives no assertion', { cause })
    })
    const { ClientAssertionCredential } = await import('@azure/identity')
    const credential = new ClientAssertionCredential(tenantId, app.clientId, async () => assertion, {
      authorityHost: authorityUrl,
      // The authority is Microsoft's own, or was set: nobody else has to vouch for it.
      disableInstanceDiscovery: true,
      retryOptions: RETRIES,
    })
    try {
      return await credential.getToken(scope)
    } catch (error) {
      throw isClientRefused(error) ? new AppIdentityError('the app is not taken for itself', { cause: error }) : error
    }
  }
  // A credential made anew has no cache, so every token is fresh.
  return { getToken: (scopes) => getToken(String(scopes)), getFreshToken: getToken }
}

/** The managed identity of the app as its proof, for the audience of its cloud. */
export function managedIdentity(clientId: string, audience: string): AppIdentity {
  // As @azure/identity reads it: which of the app's identities.
  const identity = process.env.AZURE_CLIENT_ID
  let credential: Promise<{ getToken(scope: string): Promise<{ token: string }> }> | undefined
  const open = async () => {
    const { ManagedIdentityCredential } = await import('@azure/identity')
    return new ManagedIdentityCredential({ ...(identity && { clientId: identity }), retryOptions: RETRIES })
  }
  return {
    clientId,
    async assertion() {
      credential ??= open()
      return (await (await credential).getToken(`${audience}/.default`)).token
    },
  }
}
