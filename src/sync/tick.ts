import type { TenantConfig } from '../config/index.ts'
import { activateSnapshot, atOf, isFarAhead, type TenantPatch, type TenantState } from '../domain/index.ts'
import { type OpenTenant, openTenant } from '../open-tenant.ts'
import type { OneTenantServices } from '../program.ts'
import type { ReadTenant } from '../store/index.ts'
import { deriveTrends } from './derive/derive-trends.ts'
import type { Due } from './due.ts'
import { runSlice } from './slice/run-slice.ts'
import { beginSample, type SampleResult, takeSample } from './sample/take-sample.ts'
import type { SliceResult } from './slice/take-slice.ts'
import { takeLease } from './take-lease.ts'
import { tenantRow } from './tenant-row.ts'
import { type Work, workOf } from './work.ts'

export type TickResult =
  /** No snapshot is due. */
  | { kind: 'idle' }
  /** Another writer has the tenant. */
  | { kind: 'busy' }
  /** Defender wants no calls before this instant, or the budget has none. */
  | { kind: 'waiting'; until: string }
  | SliceResult
  | SampleResult

/** One tick of the timer, of an app that reads one tenant: finds out what is due, takes the tenant's lease, and does one slice. */
export async function tick(services: OneTenantServices): Promise<TickResult> {
  const opened = openTenant(services)
  const nowMs = opened.outside.clock.now()
  const read = await tenantRow(opened.store, nowMs)
  const work = workOf(read.tenant, opened.config, nowMs)
  if (work.kind === 'busy') return work
  if (work.kind === 'idle') return touch(opened, read, nowMs, work)
  if (work.kind === 'waiting') return touch(opened, read, nowMs, { kind: 'waiting', until: atOf(work.untilMs) })
  return take(opened, read, work, nowMs)
}

/** What takes the tenant's lease. */
type Taken = Extract<Work, { kind: 'slice' | 'derive' | 'sample' }>

/** Takes a tenant's lease, by its row as it was read, and does what there is to do. */
export async function take(opened: OpenTenant, read: ReadTenant, work: Taken, nowMs: number): Promise<TickResult> {
  const { tenant } = read
  const begun = begunBy(tenant, work, opened.config, nowMs)
  const lease = await takeLease(opened, read, begun)
  if (!lease) return { kind: 'busy' }
  if (work.kind === 'slice') return runSlice(opened, lease, { startedAtMs: nowMs, previousWasKilled: tenant.sliceOpen })
  if (work.kind === 'sample') return takeSample(opened, lease, nowMs)
  await deriveTrends(opened, lease, nowMs)
  return { kind: 'idle' }
}

function begunBy(tenant: TenantState, work: Taken, config: TenantConfig, nowMs: number): TenantPatch {
  if (work.kind === 'slice') return beginSlice(tenant, work.due, config, nowMs)
  return { ...signOfLife(tenant, nowMs), ...(work.kind === 'sample' && beginSample(nowMs)) }
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
function beginSlice(tenant: TenantState, due: Exclude<Due, { kind: 'idle' }>, { source }: TenantConfig, nowMs: number): TenantPatch {
  const at = atOf(nowMs)
  const dealtWith = { waitsForBudget: null, scheduledThrough: at, lastTickAt: at }
  if (due.kind === 'start') return { ...dealtWith, ...activateSnapshot(tenant, 'schedule', nowMs, source.kind), activeSlices: 1 }
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
