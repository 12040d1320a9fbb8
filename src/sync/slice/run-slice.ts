import { atOf, endSnapshot, type TenantPatch } from '../../domain/index.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import { describeError } from '../../redact-error.ts'
import { type Lease, LeaseLostError } from '../lease.ts'
import { spentLedgers } from './budgets.ts'
import { type OpenSlice, openSlice } from './open-slice.ts'
import { type SliceResult, takeSlice } from './take-slice.ts'

export interface SliceStart {
  startedAtMs: number
  previousWasKilled: boolean
}

/** Runs one slice of the active snapshot under a lease, and lets go of the tenant whatever happens. */
export async function runSlice(tenant: OpenTenant, lease: Lease, { startedAtMs, previousWasKilled }: SliceStart): Promise<SliceResult> {
  let opened: OpenSlice | undefined
  try {
    opened = await openSlice(tenant, lease, startedAtMs)
    const result = await takeSlice(opened.slice, previousWasKilled)
    const lastSliceAt = atOf(tenant.outside.clock.now())
    const left = { ...spent(lease, opened), ...after(lease, opened, result), ...identityAfter(lease, opened) }
    await lease.release({ ...left, lastSliceAt, sliceOpen: false })
    logEnd(tenant, opened, result, startedAtMs)
    return result
  } catch (error) {
    // What was committed and not projected is found by the next slice, which takes this one for killed: sliceOpen stays set.
    await opened?.slice.journal.idle()
    if (!(error instanceof LeaseLostError)) await letGo(tenant, lease, opened)
    throw error
  }
}

/** What every slice leaves in the tenant's row: budgets as they really were spent, and the snapshot's running counters. */
function spent({ tenant }: Lease, { slice, budgets, running }: OpenSlice): TenantPatch {
  const { calls, throttled, retries, activeMilliseconds } = running()
  return {
    ...spentLedgers(budgets, tenant),
    activeCalls: calls,
    activeThrottled: throttled,
    activeRetries: retries,
    activeMilliseconds,
    ...(slice.stalls.hasProgressed && { activeStalledMilliseconds: 0 }),
  }
}

function after({ tenant }: Lease, { slice }: OpenSlice, result: SliceResult): TenantPatch {
  if (result.kind === 'ended') return endSnapshot(slice.record.snapshot, tenant)
  return result.stop.kind === 'budget' ? { waitsForBudget: result.stop.budget } : {}
}

/** Lets the next tick go on at once after an error; when even that fails, the lease runs out by itself. */
async function letGo({ outside }: OpenTenant, lease: Lease, opened: OpenSlice | undefined): Promise<void> {
  try {
    await lease.release(opened ? spent(lease, opened) : {})
  } catch (error) {
    outside.log.warn('slice.notReleased', { snapshotId: lease.tenant.activeSnapshotId ?? undefined, error: describeError(error) })
  }
}

/** A call that was made had a token, unless that was before there was none. */
function identityAfter({ tenant }: Lease, { slice }: OpenSlice): TenantPatch {
  const hadToken = slice.calls.counts.calls > 0 && slice.stop.reason?.kind !== 'identity'
  return hadToken && tenant.identitySince !== null ? { identitySince: null, identityDetail: null } : {}
}

function logEnd({ tenantId, outside }: OpenTenant, { slice }: OpenSlice, result: SliceResult, startedAtMs: number): void {
  const { snapshotId, phase, status, observed, unknown, wanted, silent } = slice.record.snapshot
  outside.log.info('slice.ended', {
    tenantId,
    snapshotId,
    slice: slice.ports.lease.tenant.activeSlices,
    phase,
    status,
    stop: result.kind === 'more' ? result.stop.kind : undefined,
    wanted,
    observed,
    unknown,
    silent: silent ?? undefined,
    ...slice.calls.counts,
    milliseconds: outside.clock.now() - startedAtMs,
  })
}
