import { isFarAhead } from '../clock.ts'
import type { Config } from '../config/index.ts'
import type { ReadTenant, TenantPatch, TenantRow } from '../store/index.ts'
import { activateSnapshot } from './activate-snapshot.ts'
import { waitsForBudgetUntil } from './budgets.ts'
import { decideDue, type Due, startsOf } from './due.ts'
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
  /** Defender wants no calls before this instant, or the budget has none. */
  | { kind: 'waiting'; until: string }
  | SliceResult

/** No Retry-After is believed beyond a day: an instant further ahead was written by a clock that was wrong. */
const LONGEST_WAIT_MILLISECONDS = 25 * 3_600_000

/** One tick of the timer: finds out what is due, takes the tenant's lease, and does one slice. */
export async function tick(ports: TickPorts): Promise<TickResult> {
  const { config, store, outside } = ports
  const now = outside.clock.now()
  const read = await store.tenants.getOrCreate(config.defender.tenantId, freshTenant(now))
  const { tenant } = read
  if (isHeld(tenant, now)) return { kind: 'busy' }
  const due = decideDue(tenant, startsOf(config.sync.schedule), now)
  if (due.kind === 'idle') return touch(ports, read, now, { kind: 'idle' })
  const until = waitsUntil(tenant, config, now)
  if (until !== undefined) return touch(ports, read, now, { kind: 'waiting', until: new Date(until).toISOString() })
  const lease = await takeLease(ports, read, openSlice(tenant, due, now))
  return lease ? runSlice(ports, lease, { startedAt: now, previousWasKilled: tenant.sliceOpen }) : { kind: 'busy' }
}

/** The instant before which no call may be made, if there is one. */
function waitsUntil(tenant: TenantRow, config: Config, now: number): number | undefined {
  const notBefore = Date.parse(tenant.notBefore)
  const isBelieved = notBefore - now <= LONGEST_WAIT_MILLISECONDS
  return notBefore > now && isBelieved ? notBefore : waitsForBudgetUntil(tenant, config, now)
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

/** Leaves a sign of life, and takes back what a clock that was ahead left. If somebody else wrote meanwhile, theirs will do. */
async function touch<Result>({ store }: TickPorts, { tenant, etag }: ReadTenant, now: number, result: Result): Promise<Result> {
  const at = new Date(now).toISOString()
  // It may as well be this clock that is behind: the second tick that finds it so is believed.
  const wasAhead = isFarAhead(tenant.scheduledThrough, now) && !isFarAhead(tenant.lastTickAt, now)
  await store.tenants.patch(tenant.tenantId, { lastTickAt: at, ...(wasAhead && { scheduledThrough: at }) }, etag)
  return result
}

function openSlice(tenant: TenantRow, due: Exclude<Due, { kind: 'idle' }>, now: number): TenantPatch {
  const text = new Date(now).toISOString()
  const begun =
    due.kind === 'start'
      ? activateSnapshot(tenant, 'schedule', now)
      : { activeSkippedStarts: tenant.activeSkippedStarts + due.skippedStarts }
  return {
    activeSlices: tenant.activeSlices + 1,
    ...begun,
    ...(due.kind === 'start' && { activeSlices: 1 }),
    waitsForBudget: '',
    scheduledThrough: text,
    lastTickAt: text,
  }
}
