import { odata } from '@azure/data-tables'
import { FULL_SNAPSHOTS } from '../full-snapshots.ts'
import type { Answer, Asked } from './job.ts'
import { openBare } from './open-bare.ts'

/** The least that comparing two snapshots takes where each is kept in full: both are read side by side, machine by machine. */
export async function compareFullSnapshots({
  snapshotIds: [from, to],
}: Asked<'compareFullSnapshots'>): Promise<Answer<'compareFullSnapshots'>> {
  const table = openBare(FULL_SNAPSHOTS)
  const startedAt = performance.now()
  const read = async (snapshotId: string) => {
    const kbIds = new Map<string, string>()
    const pages = table
      .listEntities<{ rowKey: string; kbIds: string }>({ queryOptions: { filter: odata`PartitionKey eq ${snapshotId}` } })
      .byPage({ maxPageSize: 1000 })
    for await (const page of pages) for (const row of page) kbIds.set(row.rowKey, row.kbIds)
    return kbIds
  }
  const [before, after] = await Promise.all([read(from), read(to)])
  let rows = 0
  for (const [machineId, kbIds] of after) rows += differences(before.get(machineId) ?? '', kbIds)
  return { milliseconds: performance.now() - startedAt, rows }
}

function differences(before: string, after: string): number {
  if (before === after) return 0
  const known = new Set(before.split(' '))
  const current = new Set(after.split(' '))
  return [...current].filter((kbId) => !known.has(kbId)).length + [...known].filter((kbId) => !current.has(kbId)).length
}
