import {
  isAssessed,
  isOpen,
  type Kb,
  type KbTotal,
  type Machine,
  standingIn,
  toUnknownMachine,
  type UnknownMachine,
} from '../../domain/index.ts'
import { bucketOf, BUCKETS } from '../../store/index.ts'
import type { Slice } from '../slice/slice.ts'
import { ANY_PHASE, type Phase } from './phase.ts'

/** Counts the snapshot, and writes its totals by KB, the KBs' own counts, and the machines without an observation. */
export const totals: Phase = { ...ANY_PHASE, name: 'totals', work: writeTotals, next: () => 'ended' }

/** What a snapshot came to, counted from the rows themselves: kills and resumptions cannot make it drift. */
interface Totals {
  listed: number
  observed: number
  silent: number
  unknown: number
  skipped: number
  removed: number
  missingPairs: number
  missingMachines: number
  kbs: Map<string, KbCounts>
  changedBuckets: Set<string>
}

interface KbCounts {
  machinesMissing: number
  /** An answer of this snapshot named it. */
  seen: boolean
  appeared: number
  resolved: number
}

async function writeTotals(slice: Slice): Promise<'done'> {
  const { record, journal, ports } = slice
  const totals = await countMachines(slice)
  if (totals.changedBuckets.size > 0) await countChanges(slice, totals.kbs, totals.changedBuckets)
  await ports.store.kbTotals.write(record.id, kbTotalRows(totals.kbs))
  await ports.store.kbs.write(kbRows(journal.kbs.all(), totals.kbs, record.id))
  const counts = [...totals.kbs.values()]
  record.counted({
    listed: totals.listed,
    wanted: totals.observed + totals.unknown,
    observed: totals.observed,
    silent: totals.silent,
    unknown: totals.unknown,
    skipped: totals.skipped,
    removed: totals.removed,
    missingPairs: totals.missingPairs,
    missingMachines: totals.missingMachines,
    missingKbs: counts.filter((kb) => kb.machinesMissing > 0).length,
    appeared: counts.reduce((sum, kb) => sum + kb.appeared, 0),
    resolved: counts.reduce((sum, kb) => sum + kb.resolved, 0),
    changedBuckets: BUCKETS.filter((bucket) => totals.changedBuckets.has(bucket)).join(''),
  })
  return 'done'
}

async function countMachines(slice: Slice): Promise<Totals> {
  const none = { listed: 0, observed: 0, silent: 0, unknown: 0, skipped: 0, removed: 0, missingPairs: 0, missingMachines: 0 }
  const totals = { ...none, kbs: new Map<string, KbCounts>(), changedBuckets: new Set<string>() }
  const { store, lease } = slice.ports
  for await (const page of store.machines.pages()) {
    // Pages that bring nothing to write may take longer than the lease lasts.
    await lease.ensureHeld()
    const unknown = page.filter((machine) => standingIn(machine, slice.record.id) === 'unknown')
    await store.snapshots.writeUnknown(
      slice.record.id,
      unknown.map((machine) => whyUnknown(machine, slice.record.id)),
    )
    for (const machine of page) await countMachine(slice, machine, totals)
  }
  return totals
}

async function countMachine(slice: Slice, machine: Machine, totals: Totals): Promise<void> {
  const snapshotId = slice.record.id
  const stands = standingIn(machine, snapshotId)
  if (stands) totals[stands]++
  if (stands === 'observed' && !isAssessed(machine, snapshotId)) totals.silent++
  if (machine.lastListedSnapshotId === snapshotId) totals.listed++
  if (machine.changedSnapshotId === snapshotId) totals.changedBuckets.add(bucketOf(machine.machineId))
  if (machine.missing === 0) return
  const kbIds = machine.missingKbIds ?? (await openKbIds(slice, machine))
  if (kbIds.length > 0) totals.missingMachines++
  totals.missingPairs += kbIds.length
  for (const kbId of kbIds) {
    const counts = countsOf(totals.kbs, slice.journal.kbs.spellingOf(kbId))
    counts.machinesMissing++
    counts.seen ||= machine.lastObservedSnapshotId === snapshotId
  }
}

async function openKbIds(slice: Slice, machine: Machine): Promise<string[]> {
  const { intervals } = await slice.ports.store.missingKbs.read(machine.machineId)
  return intervals.filter(isOpen).map((interval) => interval.kbId)
}

/** The changes of this snapshot, bucket by bucket side by side; only the names that are counted are read. */
async function countChanges(slice: Slice, kbs: Map<string, KbCounts>, buckets: ReadonlySet<string>): Promise<void> {
  const snapshotId = slice.record.id
  const countBucket = async (bucket: string) => {
    for await (const page of slice.ports.store.changes.pages({ snapshotId, bucket }, ['change'])) {
      for (const { kbId, change } of page) countsOf(kbs, slice.journal.kbs.spellingOf(kbId))[change]++
    }
  }
  await Promise.all(BUCKETS.filter((bucket) => buckets.has(bucket)).map(countBucket))
}

function countsOf(kbs: Map<string, KbCounts>, kbId: string): KbCounts {
  const found = kbs.get(kbId) ?? { machinesMissing: 0, seen: false, appeared: 0, resolved: 0 }
  kbs.set(kbId, found)
  return found
}

function kbTotalRows(kbs: ReadonlyMap<string, KbCounts>): KbTotal[] {
  return [...kbs].map(([kbId, { machinesMissing, appeared, resolved }]) => ({ kbId, machinesMissing, appeared, resolved }))
}

/** Only the KBs whose row says something else. */
function kbRows(known: Iterable<Kb>, kbs: ReadonlyMap<string, KbCounts>, snapshotId: string) {
  return [...known].flatMap((kb) => {
    const counts = kbs.get(kb.kbId)
    const machinesMissing = counts?.machinesMissing ?? 0
    const lastSeenSnapshotId = counts?.seen ? snapshotId : kb.lastSeenSnapshotId
    const same = machinesMissing === kb.machinesMissing && lastSeenSnapshotId === kb.lastSeenSnapshotId
    return same ? [] : [{ kbId: kb.kbId, machinesMissing, lastSeenSnapshotId }]
  })
}

/** The cause; of one that was not come to, that. */
function whyUnknown(machine: Machine, snapshotId: string): UnknownMachine {
  if (machine.settledSnapshotId === snapshotId) return toUnknownMachine(machine)
  const { machineId, computerDnsName } = machine
  return { machineId, computerDnsName, status: 0, code: 'notAsked', detail: 'the snapshot ended before the machine was asked', attempts: 0 }
}
