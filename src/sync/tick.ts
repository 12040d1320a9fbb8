import { startsBetween } from '../schedule/index.ts'
import type { ReadTenant, TenantPatch, TenantRow } from '../store/index.ts'
import { activateSnapshot } from './activate-snapshot.ts'
import { decideDue, type Due } from './due.ts'
import { freshTenant } from './fresh-tenant.ts'
import { isHeld, Lease } from './lease.ts'
import { runSlice } from './run-slice.ts'
import type { SliceResult } from './take-slice.ts'
import type { TickPorts } from './tick-ports.ts'

export type TickResult =
  /** No snapshot is due. */
  | { kind: 'idle' }
  /** Another writer has the tenant. */
  | { kind: 'busy' }
  /** Defender wants no calls before this instant. */
  | { kind: 'waiting'; until: string }
  | SliceResult

/** More missed starts than this are one miss all the same. */
const MOST_STARTS = 10_000

/** One tick of the timer: finds out what is due, takes the tenant's lease, and does one slice. It never waits for a quota. */
export async function tick(ports: TickPorts): Promise<TickResult> {
  const { config, store, outside } = ports
  const now = outside.clock.now()
  const read = await store.tenants.getOrCreate(config.defender.tenantId, freshTenant(now))
  const { tenant } = read
  if (isHeld(tenant, now)) return { kind: 'busy' }
  const due = decideDue(tenant, (after, upTo) => startsBetween(config.sync.schedule, after, upTo, MOST_STARTS), now)
  if (due.kind === 'idle') return touch(ports, read, now, { kind: 'idle' })
  if (Date.parse(tenant.notBefore) > now) return touch(ports, read, now, { kind: 'waiting', until: tenant.notBefore })
  const lease = await takeLease(ports, read, openSlice(tenant, due, now))
  return lease ? runSlice(ports, lease, { startedAt: now, previousWasKilled: tenant.sliceOpen }) : { kind: 'busy' }
}

/** Taking the lease also tells the store's time, by which the call budget goes. */
async function takeLease({ config, store, outside }: TickPorts, read: ReadTenant, patch: TenantPatch): Promise<Lease | undefined> {
  let lease: Lease | undefined
  await outside.budgetTime.learnFrom(async () => {
    lease = await Lease.take({ store, clock: outside.clock, leaseSeconds: config.sync.leaseSeconds }, read, patch)
    return lease?.taken
  })
  return lease
}

/** Leaves a sign of life. If somebody else wrote meanwhile, theirs will do. */
async function touch<Result>({ store }: TickPorts, { tenant, etag }: ReadTenant, now: number, result: Result): Promise<Result> {
  await store.tenants.patch(tenant.tenantId, { lastTickAt: new Date(now).toISOString() }, etag)
  return result
}

function openSlice(tenant: TenantRow, due: Exclude<Due, { kind: 'idle' }>, now: number): TenantPatch {
  const text = new Date(now).toISOString()
  const begun = due.kind === 'start' ? activateSnapshot(tenant, 'schedule', now) : { activeSkippedStarts: tenant.activeSkippedStarts + due.skippedStarts }
  return { activeSlices: tenant.activeSlices + 1, ...begun, ...(due.kind === 'start' && { activeSlices: 1 }), scheduledThrough: text, lastTickAt: text }
}
