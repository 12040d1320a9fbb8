import { healthRules } from '../config/index.ts'
import { appHealthOf, type Health, healthOf, NO_TENANTS, type TenantCounts, type Verification, verificationOf } from '../domain/index.ts'
import type { ManyTenantsServices, OneTenantServices, Services } from '../program.ts'
import { describeError } from '../redact-error.ts'
import { StoreError, type TenantOfAll, UNREADABLE_TENANT } from '../store/index.ts'
import { reportedOf } from './all-tenants.ts'
import { type TenantReport, tenantReport } from './tenant-report.ts'

/** How many tenants' exports are not what Defender itself says. */
interface Unverified {
  unverified: number
}

/** How the app stands, for anyone who asks. */
export interface AppHealth {
  health: Health
  lastTickAt: string | null
  /** Of an app that reads one tenant, by an export that was checked. */
  export?: Verification
  /** Of an app that reads many tenants. */
  tenants?: TenantCounts & Unverified
}

/** How the app stands; never rejects, and gives the storage no more than so long (ms) to answer. */
export async function readHealth(services: Services, limitMs: number): Promise<AppHealth> {
  const limit = AbortSignal.timeout(limitMs)
  try {
    return await (services.kind === 'one' ? healthOfOne(services, limit) : within(limit, healthOfMany(services)))
  } catch (error) {
    const message = limit.aborted ? `no answer within ${limitMs} ms` : describeError(error)
    services.outside.log.error('health.failed', { message })
    const isUnreadable = error instanceof StoreError && error.code === UNREADABLE_TENANT
    const detail = isUnreadable ? "The tenant's own row in the table storage is damaged." : 'The table storage does not answer.'
    return { health: { status: 'blocked', detail: `${detail} The log says more.` }, lastTickAt: null }
  }
}

async function healthOfOne({ config, store, tenantId, outside }: OneTenantServices, limit: AbortSignal): Promise<AppHealth> {
  const now = outside.clock.now()
  const read = await store.of(tenantId).tenant.get(limit)
  const verification = verificationOf(read?.tenant.recentSamples ?? [])
  return {
    health: healthOf(read?.tenant, healthRules(config, now), now),
    lastTickAt: read?.tenant.lastTickAt || null,
    ...(verification && { export: verification }),
  }
}

async function healthOfMany(services: ManyTenantsServices): Promise<AppHealth> {
  const nowMs = services.outside.clock.now()
  const tenants = { ...NO_TENANTS, unverified: 0 }
  const app = { lastTickAt: null as string | null, identitySince: null as string | null }
  for await (const page of services.store.tenants.pages(undefined)) {
    for (const found of page.tenants) {
      const report = reportOf(services, found, nowMs)
      if (report) tenants[report.status] += 1
      if (report?.export?.verified === false && report.enabled) tenants.unverified += 1
    }
    Object.assign(app, page.app && { lastTickAt: page.app.lastTickAt, identitySince: page.app.identitySince })
  }
  return { health: appHealthOf(tenants, app.identitySince), lastTickAt: app.lastTickAt, tenants }
}

function reportOf(services: ManyTenantsServices, found: TenantOfAll, nowMs: number): TenantReport | undefined {
  const reported = reportedOf(found)
  return reported && tenantReport(services, reported, nowMs)
}

/** What is read in pages cannot be broken off, and is left to itself. */
async function within<T>(limit: AbortSignal, reading: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => limit.addEventListener('abort', () => reject(new Error('no answer in time'))))
  reading.catch(() => undefined)
  return Promise.race([reading, late])
}
