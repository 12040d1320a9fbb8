import { countChanges, isCounted } from '../totals/count-changes.ts'
import { countMachines } from '../totals/count-machines.ts'
import { packSums, unpackSums } from '../totals/packed-sums.ts'
import { Sums } from '../totals/sums.ts'
import { writeKbs } from '../totals/write-kbs.ts'
import { countedTotals, writeKbTotals } from '../totals/write-totals.ts'
import { writeTrends } from '../totals/write-trends.ts'
import type { Slice } from '../slice/slice.ts'
import { ANY_PHASE, type Phase } from './phase.ts'

/**
 * Counts the snapshot from the rows themselves, in as many slices as that takes, and writes what it came to: its totals and those by KB, the
 * KBs' own counts, the machines without an observation, and the trends.
 */
export const totals: Phase = { ...ANY_PHASE, name: 'totals', work: countTotals, next: () => 'ended' }

async function countTotals(slice: Slice): Promise<'done' | 'more'> {
  const { record, stop, ports } = slice
  const { partial } = ports.store
  const sums = unpackSums(await partial.read('totals'), record.id) ?? new Sums(record.id)
  const wasCounted = isCounted(sums)
  if (!sums.progress.machinesDone) await countMachines(slice, sums)
  if (sums.progress.machinesDone && !isCounted(sums)) await countChanges(slice, sums)
  // What is to be written takes its time as well: it begins in a slice that has some.
  if (!isCounted(sums) || (stop.isLate && !wasCounted)) {
    await partial.write('totals', `${record.id} ${ports.lease.tenant.activeSlices}`, packSums(sums))
    return 'more'
  }
  record.counted(countedTotals(sums))
  await writeKbTotals(slice, sums)
  await writeTrends(slice, sums)
  await writeKbs(slice, sums)
  await partial.delete('totals')
  if (record.snapshot.source === 'export') await ports.store.exports.deleteUpTo(record.id)
  return 'done'
}
