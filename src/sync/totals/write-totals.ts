import { countOf, type Kb, type KbSums, type KbTotal, over30 } from '../../domain/index.ts'
import { BUCKETS } from '../../store/index.ts'
import type { CountedTotals } from '../slice/snapshot-record.ts'
import type { Slice } from '../slice/slice.ts'
import type { Sums } from './sums.ts'

/** What the snapshot's row says of all that was counted. */
export function countedTotals({ counts, kbs, changedBuckets, fleet }: Sums): CountedTotals {
  const all = [...kbs.values()]
  return {
    ...counts,
    wanted: counts.observed + counts.unknown,
    over30: over30(fleet.standings.pairs),
    missingKbs: all.filter((kb) => kb.machinesMissing > 0).length,
    appeared: all.reduce((sum, kb) => sum + countOf(kb.appeared), 0),
    resolved: all.reduce((sum, kb) => sum + countOf(kb.resolved), 0),
    changedBuckets: BUCKETS.filter((bucket) => changedBuckets.has(bucket)).join(''),
  }
}

/** Writes the totals by KB. */
export async function writeKbTotals({ ports }: Slice, sums: Sums): Promise<void> {
  const rows = [...sums.kbs].map(([kbId, { machinesMissing, appeared, resolved }]): KbTotal => ({
    kbId,
    machinesMissing,
    appeared: countOf(appeared),
    resolved: countOf(resolved),
  }))
  await ports.store.kbTotals.write(sums.snapshotId, rows)
}

/** What a KB's own row says after the snapshot, of those whose row says something else. */
export function kbCounts(
  kb: Kb,
  sums: KbSums | undefined,
  snapshotId: string,
): Pick<Kb, 'machinesMissing' | 'machinesOverdue' | 'lastSeenSnapshotId'> | undefined {
  const machinesMissing = sums?.machinesMissing ?? 0
  const machinesOverdue = sums?.machinesOverdue ?? 0
  const lastSeenSnapshotId = sums?.seen ? snapshotId : kb.lastSeenSnapshotId
  const isSame =
    machinesMissing === kb.machinesMissing && machinesOverdue === kb.machinesOverdue && lastSeenSnapshotId === kb.lastSeenSnapshotId
  return isSame ? undefined : { machinesMissing, machinesOverdue, lastSeenSnapshotId }
}
