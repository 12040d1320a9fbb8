import { pendingSnapshot } from '../../domain/index.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import { openSource } from '../../sources/index.ts'
import type { Lease } from '../lease.ts'
import { missedStarts, startsOf } from '../due.ts'
import { type Budgets, openBudgets } from './budgets.ts'
import { Calls } from './calls.ts'
import { Caution } from './caution.ts'
import { Halts } from './halts.ts'
import { Journal } from './journal.ts'
import { KbRegister } from './kb-register.ts'
import { findWitness, Refusals } from './refusals.ts'
import type { Slice } from './slice.ts'
import { type RunningCounters, SnapshotRecord } from './snapshot-record.ts'
import { StallRule } from './stalls.ts'
import { StopRule } from './stop.ts'

/** A slice, and what is told of it when it ends. */
export interface OpenSlice {
  slice: Slice
  budgets: Budgets
  running: () => RunningCounters
}

/** Opens a slice of the active snapshot, of which a row may be there already. */
export async function openSlice(tenant: OpenTenant, lease: Lease, startedAtMs: number): Promise<OpenSlice> {
  const { config, outside } = tenant
  const defender = tenant.openDefender()
  const { concurrency, sliceSeconds, schedule } = config.sync
  const store = tenant.heldBy(lease)
  const snapshot = await activeSnapshot(tenant, lease)
  const deadlineMs = startedAtMs + sliceSeconds * 1000
  const stop = new StopRule(outside.clock, deadlineMs)
  const stalls = new StallRule(snapshot.stalledSlices, stop)
  const budgets = openBudgets({ config, outside, lease }, deadlineMs, () => record.snapshot.wanted + concurrency)
  const running = (): RunningCounters => runningCounters(lease, calls, outside.clock.now() - startedAtMs, skippedStarts())
  const skippedStarts = () => missedStarts(lease.tenant, startsOf(schedule), outside.clock.now())
  const record = new SnapshotRecord(snapshot, store.snapshots, running)
  const refusals = new Refusals(record, () => findWitness(store.machines, record.id, lease.tenant.lastEndedSnapshotId))
  const halts = new Halts({ stop, lease, outside })
  const calls = new Calls({ budgets, lease, outside, stop, halts, stalls, refusals, concurrency })
  const journal = new Journal(store, record.id, await KbRegister.load(store, record.id))
  const settings = {
    concurrency,
    machineFilter: config.machines.filter,
    machinePlatforms: config.machines.platforms,
    policy: config.policy,
  }
  const source = openSource(snapshot.source, { defender })
  const ports = { settings, store, catalogue: tenant.catalogue, defender, source, outside, lease }
  return { slice: { ports, record, calls, journal, stop, stalls, caution: new Caution(lease) }, budgets, running }
}

/** A snapshot's first slice has nothing to read: its row says at most that it is pending. */
async function activeSnapshot({ store }: OpenTenant, { tenant }: Lease) {
  const { activeSnapshotId, activeTrigger, activeSource, activeSlices } = tenant
  const snapshotId = activeSnapshotId ?? ''
  const stored = activeSlices > 1 ? await store.snapshots.get(snapshotId) : undefined
  return stored ?? pendingSnapshot(snapshotId, activeTrigger ?? 'schedule', activeSource ?? 'perMachine')
}

/** The active snapshot's counters up to now: those of the slices before, and this one's. */
function runningCounters({ tenant }: Lease, { counts }: Calls, milliseconds: number, skippedStarts: number): RunningCounters {
  return {
    slices: tenant.activeSlices,
    calls: tenant.activeCalls + counts.calls,
    throttled: tenant.activeThrottled + counts.throttled,
    retries: tenant.activeRetries + counts.retries,
    activeMilliseconds: tenant.activeMilliseconds + milliseconds,
    skippedStarts: tenant.activeSkippedStarts + skippedStarts,
  }
}
