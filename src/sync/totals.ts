import {
  bucketOf,
  BUCKETS,
  cachedKbIds,
  isOpen,
  type KbRow,
  type KbTotalRow,
  type MachineRow,
  toUnknownMachine,
  type UnknownMachineRow,
} from '../store/index.ts'
import type { Slice } from './slice.ts'

/** What a snapshot came to, counted from the rows themselves: kills and resumptions cannot make it drift. */
export interface Totals {
  listed: number
  observed: number
  unknown: number
  skipped: number
  removed: number
  missingPairs: number
  missingMachines: number
  kbs: Map<string, KbCounts>
}

interface KbCounts {
  machinesMissing: number
  /** An answer of this snapshot named it. */
  seen: boolean
  appeared: number
  resolved: number
}

/** How a machine counts in a snapshot; undefined when it does not belong to it. */
export function standing(row: MachineRow, snapshotId: string): 'observed' | 'unknown' | 'skipped' | 'removed' | undefined {
  const settled = row.settledSnapshotId === snapshotId
  if (settled && row.state === 'removed') return 'removed'
  const listed = row.lastListedSnapshotId === snapshotId
  if (listed && !row.wanted) return 'skipped'
  if (settled && row.state === 'observed') return 'observed'
  return listed || (settled && row.state === 'unknown') ? 'unknown' : undefined
}

/** Counts the snapshot, and writes its totals by KB, the KBs' own counts, and the machines without an observation. */
export async function writeTotals(slice: Slice): Promise<'done'> {
  const totals = await countMachines(slice)
  if (totals.changedBuckets.size > 0) await countChanges(slice, totals.kbs, totals.changedBuckets)
  await slice.store.kbTotals.write(slice.tenantId, slice.snapshotId, kbTotalRows(totals.kbs))
  await slice.store.kbs.write(slice.tenantId, kbRows(slice.kbs.all(), totals.kbs, slice.snapshotId))
  const counts = [...totals.kbs.values()]
  Object.assign(slice.snapshot, {
    listed: totals.listed,
    wanted: totals.observed + totals.unknown,
    observed: totals.observed,
    unknown: totals.unknown,
    skipped: totals.skipped,
    removed: totals.removed,
    missingPairs: totals.missingPairs,
    missingMachines: totals.missingMachines,
    missingKbs: counts.filter((kb) => kb.machinesMissing > 0).length,
    appeared: counts.reduce((sum, kb) => sum + kb.appeared, 0),
    resolved: counts.reduce((sum, kb) => sum + kb.resolved, 0),
  })
  return 'done'
}

async function countMachines(slice: Slice): Promise<Totals & { changedBuckets: Set<string> }> {
  const none = { listed: 0, observed: 0, unknown: 0, skipped: 0, removed: 0, missingPairs: 0, missingMachines: 0 }
  const totals = { ...none, kbs: new Map<string, KbCounts>(), changedBuckets: new Set<string>() }
  for await (const page of slice.store.machines.pages(slice.tenantId)) {
    // Pages that bring nothing to write may take longer than the lease lasts.
    await slice.lease.ensureHeld()
    const unknown = page.filter((row) => standing(row, slice.snapshotId) === 'unknown')
    await slice.store.snapshots.writeUnknown(
      slice.tenantId,
      slice.snapshotId,
      unknown.map((row) => unknownRow(row, slice.snapshotId)),
    )
    for (const row of page) await countMachine(slice, row, totals)
  }
  return totals
}

async function countMachine(slice: Slice, row: MachineRow, totals: Totals & { changedBuckets: Set<string> }): Promise<void> {
  const { snapshotId } = slice
  const stands = standing(row, snapshotId)
  if (stands) totals[stands]++
  if (row.lastListedSnapshotId === snapshotId) totals.listed++
  if (row.changedSnapshotId === snapshotId) totals.changedBuckets.add(bucketOf(row.machineId))
  if (row.missing === 0) return
  totals.missingMachines++
  totals.missingPairs += row.missing
  for (const kbId of cachedKbIds(row) ?? (await openKbIds(slice, row))) {
    const counts = countsOf(totals.kbs, kbId)
    counts.machinesMissing++
    counts.seen ||= row.lastObservedSnapshotId === snapshotId
  }
}

async function openKbIds(slice: Slice, row: MachineRow): Promise<string[]> {
  const { intervals } = await slice.store.missingKbs.read(slice.tenantId, row.machineId)
  return intervals.filter(isOpen).map((interval) => interval.kbId)
}

/** The changes of this snapshot, bucket by bucket side by side; only the names that are counted are read. */
async function countChanges(slice: Slice, kbs: Map<string, KbCounts>, buckets: ReadonlySet<string>): Promise<void> {
  const { tenantId, snapshotId } = slice
  const countBucket = async (bucket: string) => {
    for await (const page of slice.store.changes.pages({ tenantId, snapshotId, bucket }, ['RowKey', 'change'])) {
      for (const { kbId, change } of page) countsOf(kbs, kbId)[change]++
    }
  }
  await Promise.all(BUCKETS.filter((bucket) => buckets.has(bucket)).map(countBucket))
}

function countsOf(kbs: Map<string, KbCounts>, kbId: string): KbCounts {
  const found = kbs.get(kbId) ?? { machinesMissing: 0, seen: false, appeared: 0, resolved: 0 }
  kbs.set(kbId, found)
  return found
}

function kbTotalRows(kbs: ReadonlyMap<string, KbCounts>): KbTotalRow[] {
  return [...kbs].map(([kbId, { machinesMissing, appeared, resolved }]) => ({ kbId, machinesMissing, appeared, resolved }))
}

/** Only the KBs whose row says something else. */
function kbRows(known: Iterable<KbRow>, kbs: ReadonlyMap<string, KbCounts>, snapshotId: string) {
  return [...known].flatMap((kb) => {
    const counts = kbs.get(kb.kbId)
    const machinesMissing = counts?.machinesMissing ?? 0
    const lastSeenSnapshotId = counts?.seen ? snapshotId : kb.lastSeenSnapshotId
    const same = machinesMissing === kb.machinesMissing && lastSeenSnapshotId === kb.lastSeenSnapshotId
    return same ? [] : [{ kbId: kb.kbId, machinesMissing, lastSeenSnapshotId }]
  })
}

function unknownRow(row: MachineRow, snapshotId: string): UnknownMachineRow {
  if (row.settledSnapshotId === snapshotId) return toUnknownMachine(row)
  const { machineId, computerDnsName } = row
  return { machineId, computerDnsName, status: 0, code: 'notAsked', detail: 'the snapshot ended before the machine was asked', attempts: 0 }
}
