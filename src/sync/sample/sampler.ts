import type { DefenderClient } from '../../defender/index.ts'
import type { Snapshot } from '../../domain/index.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import type { Outside } from '../../outside.ts'
import type { TenantStore } from '../../store/index.ts'
import type { Lease } from '../lease.ts'
import { type Budgets, openBudgets } from '../slice/budgets.ts'
import { Calls } from '../slice/calls.ts'
import { Halts } from '../slice/halts.ts'
import { findWitness, Refusals } from '../slice/refusals.ts'
import { SnapshotRecord } from '../slice/snapshot-record.ts'
import { StallRule } from '../slice/stalls.ts'
import { StopRule } from '../slice/stop.ts'
import { withinShare } from './within-share.ts'
import type { SampleState } from './sample-state.ts'

/** What a slice of a sample works with. */
export interface Sampler {
  readonly store: TenantStore
  readonly lease: Lease
  readonly outside: Outside
  readonly defender: DefenderClient
  readonly calls: Calls
  readonly budgets: Budgets
  readonly stop: StopRule
  readonly stalls: StallRule
  /** Machines asked at once. */
  readonly concurrency: number
  readonly snapshot: Snapshot
}

/** Opens a slice of a sample: its calls are made by the rules of a snapshot's, and count in the same budgets. */
export function openSampler(tenant: OpenTenant, lease: Lease, snapshot: Snapshot, state: SampleState, startedAtMs: number): Sampler {
  const { config, outside } = tenant
  const { concurrency, sliceSeconds } = config.sync
  const store = tenant.heldBy(lease)
  const deadlineMs = startedAtMs + sliceSeconds * 1000
  const stop = new StopRule(outside.clock, deadlineMs)
  const stalls = new StallRule(state.stalledSlices, stop)
  const wanted = () => Math.max(1, state.figures.due - state.figures.n) + concurrency
  const budgets = openBudgets({ config: withinShare(config), outside, lease }, deadlineMs, wanted)
  // Whom a refusal is about is found out as in a snapshot; what that notes in the record is not written.
  const record = new SnapshotRecord(snapshot, store.snapshots, () => snapshot)
  const refusals = new Refusals(record, () => findWitness(store.machines, record.id, lease.tenant.lastEndedSnapshotId))
  const halts = new Halts({ stop, lease, outside })
  const calls = new Calls({ budgets, lease, outside, stop, halts, stalls, refusals, concurrency })
  return { store, lease, outside, defender: tenant.openDefender(), calls, budgets, stop, stalls, concurrency, snapshot }
}
