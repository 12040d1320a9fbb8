import { activateSnapshot, atOf, isFarAhead, type TenantPatch, type TenantState } from '../domain/index.ts'
import { type OpenTenant, openTenant } from '../open-tenant.ts'
import type { Services } from '../program.ts'
import type { ReadTenant } from '../store/index.ts'
import { deriveTrends } from './derive/derive-trends.ts'
import { decideDue, type Due, startsOf } from './due.ts'
import { isHeld, Lease } from './lease.ts'
import { waitsForBudgetUntil } from './slice/budgets.ts'
import { runSlice } from './slice/run-slice.ts'
import type { SliceResult } from './slice/take-slice.ts'
import { tenantRow } from './tenant-row.ts'

export type TickResult =
  /** No snapshot is due. */
  | { kind: 'idle' }
  /** Another writer has the tenant. */
  | { kind: 'busy' }
  /** Defender wants no calls before this instant, or the budget has none. */
  | { kind: 'waiting'; until: string }
  | SliceResult

/** No Retry-After is believed beyond a day: an instant further ahead was written by a clock that was wrong. */
const LONGEST_WAIT_MS = 25 * 3_600_000

/** One tick of the timer: finds out what is due, takes the tenant's lease, and does one slice. */
export async function tick(services: Services): Promise<TickResult> {
  const opened = openTenant(services)
  const { config, store, outside } = opened
  const nowMs = outside.clock.now()
  const read = await tenantRow(store, nowMs)
  const { tenant } = read
  if (isHeld(tenant, nowMs)) return { kind: 'busy' }
  const due = decideDue(tenant, startsOf(config.sync.schedule), nowMs)
  if (due.kind === 'idle') return idle(opened, read, nowMs)
  const untilMs = waitsUntil(opened, tenant, nowMs)
  if (untilMs !== undefined) return touch(opened, read, nowMs, { kind: 'waiting', until: atOf(untilMs) })
  const lease = await takeLease(opened, read, beginSlice(tenant, due, nowMs))
  return lease ? runSlice(opened, lease, { startedAtMs: nowMs, previousWasKilled: tenant.sliceOpen }) : { kind: 'busy' }
}

/** The instant before which no call may be made, if there is one. */
function waitsUntil({ config }: OpenTenant, tenant: TenantState, nowMs: number): number | undefined {
  const notBeforeMs = Date.parse(tenant.notBefore ?? '')
  const isBelieved = notBeforeMs - nowMs <= LONGEST_WAIT_MS
  return notBeforeMs > nowMs && isBelieved ? notBeforeMs : waitsForBudgetUntil(tenant, config, nowMs)
}

/** Taking the lease also tells the store's time, by which the call budget goes. */
async function takeLease(opened: OpenTenant, read: ReadTenant, patch: TenantPatch): Promise<Lease | undefined> {
  const { tenantId, store, config, outside } = opened
  const options = { tenantId, rows: store.tenant, clock: outside.clock, leaseSeconds: config.sync.leaseSeconds }
  let lease: Lease | undefined
  await outside.budgetTime.learnFrom(async () => {
    lease = await Lease.take(options, read, patch)
    return lease?.taken
  })
  return lease
}

/** With nothing to do, what the snapshots of before came to is derived, once. */
async function idle(opened: OpenTenant, read: ReadTenant, nowMs: number): Promise<TickResult> {
  const { trendsDerived, lastEndedSnapshotId, trendsRetryAt } = read.tenant
  const isTime = !(Date.parse(trendsRetryAt ?? '') > nowMs) || isFarAhead(trendsRetryAt, nowMs)
  if (trendsDerived || lastEndedSnapshotId === null || !isTime) return touch(opened, read, nowMs, { kind: 'idle' })
  const lease = await takeLease(opened, read, signOfLife(read.tenant, nowMs))
  if (!lease) return { kind: 'busy' }
  await deriveTrends(opened, lease, nowMs)
  return { kind: 'idle' }
}

/** Leaves a sign of life. If somebody else wrote meanwhile, theirs will do. */
async function touch<Result>({ store }: OpenTenant, { tenant, etag }: ReadTenant, nowMs: number, result: Result): Promise<Result> {
  await store.tenant.patch(signOfLife(tenant, nowMs), etag)
  return result
}

/** A sign of life, which takes back what a clock that was ahead left. */
function signOfLife({ scheduledThrough, lastTickAt }: TenantState, nowMs: number): TenantPatch {
  // It may as well be this clock that is behind: the second tick that finds it so is believed.
  const wasAhead = isFarAhead(scheduledThrough, nowMs) && !isFarAhead(lastTickAt, nowMs)
  const countsFromNow = wasAhead || scheduledThrough === null
  return { lastTickAt: atOf(nowMs), ...(countsFromNow && { scheduledThrough: atOf(nowMs) }) }
}

/** What a slice writes down as it begins: the first of a snapshot that is due, or the next one of the active one. */
function beginSlice(tenant: TenantState, due: Exclude<Due, { kind: 'idle' }>, nowMs: number): TenantPatch {
  const at = atOf(nowMs)
  const dealtWith = { waitsForBudget: null, scheduledThrough: at, lastTickAt: at }
  if (due.kind === 'start') return { ...dealtWith, ...activateSnapshot(tenant, 'schedule', nowMs), activeSlices: 1 }
  const { activeSlices, activeSkippedStarts, activeStalledMilliseconds, brokenSlices, suspectSlices, sliceOpen } = tenant
  return {
    ...dealtWith,
    activeSlices: activeSlices + 1,
    activeSkippedStarts: activeSkippedStarts + due.skippedStarts,
    activeStalledMilliseconds: activeStalledMilliseconds + sinceLastTickMs(tenant, nowMs),
    brokenSlices: sliceOpen ? brokenSlices + 1 : 0,
    suspectSlices: sliceOpen ? suspectSlices : 0,
  }
}

/** Ticks come every minute: what is longer, the app was down or waited for calls. */
const LONGEST_TICK_MS = 120_000

function sinceLastTickMs({ lastTickAt }: TenantState, nowMs: number): number {
  const sinceMs = nowMs - Date.parse(lastTickAt ?? '')
  return sinceMs > 0 && sinceMs <= LONGEST_TICK_MS ? sinceMs : 0
}
