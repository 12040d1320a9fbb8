import { atOf, cohortOf, DerivedTrends, foldedKbId, HOUR_MS, type Interval, isEnded, type Kb, type Snapshot } from '../../domain/index.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import { describeError } from '../../redact-error.ts'
import { LAST_KEY, type TenantStore } from '../../store/index.ts'
import { type Lease, LeaseLostError } from '../lease.ts'
import { StopRule } from '../slice/stop.ts'
import { type Derivation, type DerivationPorts, packDerivation, unpackDerivation } from './derivation.ts'
import { writeDerived } from './write-derived.ts'

/**
 * One slice of deriving what the snapshots of before came to, which ended before there were trends: from the intervals, machine by machine,
 * in ticks that have nothing else to do. Lets go of the lease whatever happens; where it fails it is tried again in an hour.
 */
export async function deriveTrends(tenant: OpenTenant, lease: Lease, nowMs: number): Promise<void> {
  const { outside, tenantId } = tenant
  try {
    const isDone = await deriveSlice(tenant, lease, nowMs)
    await lease.release({ sliceOpen: false, ...(isDone && { trendsDerived: true }) })
    outside.log.info('trends.derived', { tenantId, isDone, milliseconds: outside.clock.now() - nowMs })
  } catch (error) {
    if (error instanceof LeaseLostError) throw error
    outside.log.warn('trends.notDerived', { tenantId, error: describeError(error) })
    await lease.release({ sliceOpen: false, trendsRetryAt: atOf(nowMs + HOUR_MS) })
  }
}

async function deriveSlice(tenant: OpenTenant, lease: Lease, nowMs: number): Promise<boolean> {
  const { config, outside } = tenant
  const store = tenant.heldBy(lease)
  const upTo = lease.tenant.lastEndedSnapshotId ?? ''
  const stop = new StopRule(outside.clock, nowMs + config.sync.sliceSeconds * 1000)
  const snapshots = await endedUpTo(store, lease.tenant.oldestSnapshotId ?? '', upTo)
  const ports: DerivationPorts = { store, lease, stop, kbs: await allKbs(store), snapshots }
  const derivation = unpackDerivation(await store.partial.read('derived'), upTo) ?? begun(snapshots, upTo)
  if (!derivation.machinesDone) await addMachines(ports, derivation)
  const isDone = derivation.machinesDone && !stop.isLate && (await writeDerived(ports, derivation))
  if (isDone) await store.partial.delete('derived')
  else await store.partial.write('derived', `${upTo} ${nowMs}`, packDerivation(derivation))
  return isDone
}

function begun(snapshots: readonly Snapshot[], upToSnapshotId: string): Derivation {
  const trends = new DerivedTrends(snapshots.map(({ snapshotId }) => snapshotId))
  return { upToSnapshotId, machine: null, machinesDone: false, writtenKb: null, trends }
}

async function endedUpTo(store: TenantStore, from: string, upTo: string): Promise<Snapshot[]> {
  const snapshots: Snapshot[] = []
  for await (const snapshot of store.snapshots.range(from, upTo)) if (isEnded(snapshot)) snapshots.push(snapshot)
  return snapshots
}

async function allKbs(store: TenantStore): Promise<Kb[]> {
  const kbs: Kb[] = []
  for await (const page of store.kbs.pages()) kbs.push(...page.map((kb) => ({ ...kb, cohort: kb.cohort ?? cohortOf(kb) })))
  return kbs
}

/** Adds the machines behind those added before; at least one, and stops when the slice is late. */
async function addMachines({ store, lease, stop, kbs }: DerivationPorts, derivation: Derivation): Promise<void> {
  const spelt = new Map(kbs.map(({ kbId }) => [foldedKbId(kbId), kbId]))
  const spellingOf = (kbId: string) => spelt.get(foldedKbId(kbId)) ?? kbId
  const from = derivation.machine === null ? { partition: '', row: '' } : { partition: derivation.machine, row: LAST_KEY, done: true }
  let machineId: string | undefined
  let intervals: Interval[] = []
  const add = () => {
    if (machineId === undefined) return
    derivation.trends.addMachine(intervals, spellingOf)
    derivation.machine = machineId
  }
  for await (const page of store.missingKbs.span({ from, to: { partition: LAST_KEY, row: '' } })) {
    await lease.ensureHeld()
    for (const interval of page.rows) {
      if (interval.machineId !== machineId) {
        add()
        if (machineId !== undefined && stop.isLate) return
        machineId = interval.machineId
        intervals = []
      }
      intervals.push(interval)
    }
  }
  add()
  derivation.machinesDone = true
}
