import type { TenantConfig, TenantProblem } from './config/index.ts'
import type { DefenderClient } from './defender/index.ts'
import type { TenantSettings } from './domain/index.ts'
import { type Outside, outsideOf } from './outside.ts'
import type { ManyTenantsServices, OneTenantServices, Services } from './program.ts'
import type { KnownCatalogue, TenantStore, WritePermit } from './store/index.ts'

/** One tenant, with all that is bound to it: whoever holds this need not name the tenant again. */
export interface OpenTenant {
  /** For keys, answers and logs that show it. */
  tenantId: string
  config: TenantConfig
  /** What is wrong with its own settings, of one of many: it can be looked at, and not be read from Defender. */
  problems: readonly TenantProblem[]
  /** It is not read, of one of many: its history can be looked at. */
  isDisabled: boolean
  isOneOfMany: boolean
  store: TenantStore
  /** What is known of KBs, whoever misses them. */
  catalogue: KnownCatalogue
  /** The same rows for a writer who asks before each write, over clients of its own. */
  heldBy(permit: WritePermit): TenantStore
  /** The client for a slice. */
  openDefender(): DefenderClient
  outside: Outside
  version: string
}

/** Opens the tenant of an app that reads one. */
export function openTenant(services: OneTenantServices): OpenTenant {
  const { tenantId, config, defender } = services
  return { ...bound(services, tenantId), config, problems: [], isDisabled: false, isOneOfMany: false, openDefender: () => defender }
}

/** Opens one of many tenants, by what is set for it. */
export function openOneOfMany(services: ManyTenantsServices, tenantId: string, settings: TenantSettings): OpenTenant {
  const { config, problems } = services.readSettings(settings)
  const { isDisabled } = settings
  return {
    ...bound(services, tenantId),
    config,
    problems,
    isDisabled,
    isOneOfMany: true,
    openDefender: () => services.openDefender(tenantId, config),
  }
}

function bound({ store, catalogue, outside, version }: Services, tenantId: string) {
  const heldBy = (permit: WritePermit) => store.of(tenantId, permit)
  return { tenantId, store: store.of(tenantId), catalogue, heldBy, outside: outsideOf(outside, tenantId), version }
}

/**
 * Opens the tenant that a caller asked for, if the app reads it, or did: of many, one that is registered and not being deleted. Where the
 * caller named none, the one that the app reads; of many, none is opened.
 */
export async function openAskedTenant(services: Services, asked: string | undefined): Promise<OpenTenant | undefined> {
  if (services.kind === 'one') return asked === undefined || asked === services.tenantId ? openTenant(services) : undefined
  if (asked === undefined) return undefined
  const read = await services.store.of(asked).tenant.get()
  return read && read.tenant.deletingSince === null ? openOneOfMany(services, asked, read.tenant) : undefined
}
