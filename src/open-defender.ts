import type { Config, TenantConfig } from './config/index.ts'
import {
  clouds,
  createAssertionCredential,
  createCredential,
  createDefenderClient,
  createTokenSource,
  type DefenderClient,
  managedIdentity,
  type Proxies,
  type TokenSource,
} from './defender/index.ts'
import { type Outside, outsideOf } from './outside.ts'

/** Makes a client of a tenant's Defender. Nothing is called before its first call is. */
export type OpenDefender = (tenantId: string, config: TenantConfig) => DefenderClient

/** The client of the one tenant: one pool of connections and one cached token per process. */
export function defenderOfOne(tenantId: string, config: TenantConfig, outside: Outside, proxies: Proxies): DefenderClient {
  const { apiUrl, scope, authorityUrl } = config.defender
  const token = createTokenSource({ credential: createCredential({ tenantId, authorityUrl }), scope, clock: outside.clock })
  return createDefenderClient({ apiUrl, concurrency: config.sync.concurrency, proxies, token, outside: outsideOf(outside, tenantId) })
}

/**
 * Makes clients of many tenants: tokens are kept by tenant for the life of the process, connections for a slice. Each tenant has connections
 * of its own, so that one whose Defender does not answer holds up no other; idle ones close by themselves in seconds.
 */
export function defendersOfMany(clientId: string, config: Config, outside: Outside, proxies: Proxies): OpenDefender {
  const identity = managedIdentity(clientId, clouds[config.defender.cloud].assertionAudience)
  const tokens = new Map<string, TokenSource>()
  return (tenantId, { defender: { apiUrl, scope, authorityUrl }, sync: { concurrency } }) => {
    const key = `${tenantId} ${scope}`
    const credential = createAssertionCredential(identity, { tenantId, authorityUrl })
    const token = tokens.get(key) ?? createTokenSource({ credential, scope, clock: outside.clock })
    tokens.set(key, token)
    return createDefenderClient({ apiUrl, concurrency, proxies, token, outside: outsideOf(outside, tenantId) })
  }
}
