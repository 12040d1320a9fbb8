import type { TenantPatch, Trigger } from '../store/index.ts'
import { openBudgets } from './budgets.ts'
import { startsOf } from './due.ts'
import { endSnapshot } from './end-snapshot.ts'
import { Journal } from './journal.ts'
import { KbRegister } from './kb-register.ts'
import { type Lease, LeaseLostError } from './lease.ts'
import { Slice } from './slice.ts'
import { pendingSnapshot } from './pending-snapshot.ts'
import { type SliceResult, takeSlice } from './take-slice.ts'
import type { TickPorts } from './tick-ports.ts'

interface Begun {
  /** Milliseconds since the epoch. */
  startedAt: number
  previousWasKilled: boolean
}

/** Runs one slice of the active snapshot under a lease, and lets go of the tenant whatever happens. */
export async function runSlice(ports: TickPorts, lease: Lease, begun: Begun): Promise<SliceResult> {
  let slice: Slice | undefined
  try {
    slice = await openSlice(ports, lease, begun)
    const result = await takeSlice(slice, begun.previousWasKilled)
    await lease.release({ ...progress(slice), ...after(slice, result), sliceOpen: false })
    logEnd(slice, result)
    return result
  } catch (error) {
    // What was committed and not projected is found by the next slice, which takes this one for killed: sliceOpen stays set.
    await slice?.journal.idle()
    if (!(error instanceof LeaseLostError)) await letGo(ports, lease, slice)
    throw error
  }
}

async function openSlice(ports: TickPorts, lease: Lease, { startedAt }: Begun): Promise<Slice> {
  const { config, defender, outside } = ports
  const store = ports.store.heldBy(lease)
  const { tenantId, activeSnapshotId: snapshotId, activeTrigger, activeSlices } = lease.tenant
  // A snapshot's first slice has nothing to read: the row says at most that it is pending.
  const stored = activeSlices > 1 ? await store.snapshots.get(tenantId, snapshotId) : undefined
  const snapshot = stored ?? pendingSnapshot(snapshotId, activeTrigger as Trigger)
  if (snapshot.status === 'pending') snapshot.status = 'running'
  const kbs = await KbRegister.load(store, tenantId, snapshotId)
  const deadline = startedAt + config.sync.sliceSeconds * 1000
  const journal = new Journal({ store, tenantId, snapshotId, kbs })
  return new Slice({
    settings: {
      tenantId,
      concurrency: config.sync.concurrency,
      machineFilter: config.machines.filter,
      machinePlatforms: config.machines.platforms,
    },
    store,
    defender,
    outside,
    lease,
    snapshot,
    journal,
    kbs,
    budgets: openBudgets(ports, lease, deadline, () => snapshot.wanted + config.sync.concurrency),
    skippedStarts: () => startsOf(config.sync.schedule)(Date.parse(lease.tenant.scheduledThrough), outside.clock.now()).length,
    startedAt,
    deadline,
  })
}

/** What every slice leaves in the tenant's row: budgets as they really were spent, and the snapshot's running counters. */
function progress(slice: Slice): TenantPatch {
  const { tenant } = slice.lease
  const { calls, throttled, retries, activeMilliseconds } = slice.running
  return {
    missingKbsBudget: slice.budgets.missingKbs.flush() ?? tenant.missingKbsBudget,
    machinesBudget: slice.budgets.machines.flush() ?? tenant.machinesBudget,
    activeCalls: calls,
    activeThrottled: throttled,
    activeRetries: retries,
    activeMilliseconds,
  }
}

function after(slice: Slice, result: SliceResult): TenantPatch {
  if (result.kind === 'ended') return endSnapshot(slice.snapshot)
  return result.stop.kind === 'budget' ? { waitsForBudget: result.stop.budget } : {}
}

/** Lets the next tick go on at once after an error; when even that fails, the lease runs out by itself. */
async function letGo({ outside }: TickPorts, lease: Lease, slice: Slice | undefined): Promise<void> {
  try {
    await lease.release(slice ? progress(slice) : {})
  } catch (error) {
    outside.log.warn('slice.notReleased', { snapshotId: lease.tenant.activeSnapshotId, error: String(error) })
  }
}

function logEnd(slice: Slice, result: SliceResult): void {
  const { snapshotId, phase, status, observed, unknown, wanted } = slice.snapshot
  slice.outside.log.info('slice.ended', {
    tenantId: slice.tenantId,
    snapshotId,
    slice: slice.lease.tenant.activeSlices,
    phase,
    status,
    stop: result.kind === 'more' ? result.stop.kind : undefined,
    wanted,
    observed,
    unknown,
    calls: slice.counts.calls,
    retries: slice.counts.retries,
    throttled: slice.counts.throttled,
    milliseconds: slice.now - slice.startedAt,
  })
}
