import type { Config } from './config/index.ts'
import type { DefenderClient } from './defender/index.ts'
import type { Outside } from './outside.ts'
import type { Services } from './program.ts'
import type { TenantStore, WritePermit } from './store/index.ts'

/** One tenant, with all that is bound to it: whoever holds this need not name the tenant again. */
export interface OpenTenant {
  /** For keys, answers and logs that show it. */
  tenantId: string
  config: Config
  store: TenantStore
  /** The same rows for a writer who asks before each write, over clients of its own. */
  heldBy(permit: WritePermit): TenantStore
  defender: DefenderClient
  outside: Outside
  version: string
}

/** Opens the tenant that the app reads. */
export function openTenant({ config, store, defender, outside, version }: Services): OpenTenant {
  const { tenantId } = config.defender
  return { tenantId, config, store: store.of(tenantId), heldBy: (permit) => store.of(tenantId, permit), defender, outside, version }
}

/** Opens the tenant that a caller asked for, if it is one that the app reads; the one that it reads where the caller named none. */
export function openAskedTenant(services: Services, asked: string | undefined): OpenTenant | undefined {
  const tenant = openTenant(services)
  return asked === undefined || asked === tenant.tenantId ? tenant : undefined
}
