import { type Evidence, openAfter } from './evidence.ts'
import { LAST_LOOK } from './fleet.ts'
import { listed } from './polite.ts'

/** Once nothing hostile happens any more, the snapshot is whole, and what each machine misses is the truth. */
export function checkRecovery(evidence: Evidence): string[] {
  const { fuzzCase, looks, snapshots, machines, intervals, damaged } = evidence
  const last = snapshots.get(looks[LAST_LOOK]?.snapshotIds.at(-1) ?? '')
  if (last?.['status'] !== 'completed') return [`the last snapshot ended as ${JSON.stringify(last)}`]
  return listed(fuzzCase.fleet, LAST_LOOK)
    .filter(({ osPlatform }) => osPlatform.startsWith('Windows'))
    .flatMap(({ id, seen }) => {
      const truth = [...(seen[LAST_LOOK]?.kbIds ?? [])].sort().join(' ')
      const row = machines.get(id)
      const cached = typeof row?.['missingKbIds'] === 'string' ? row['missingKbIds'] : ''
      const isDamaged = damaged.some(({ table, partitionKey }) => table === 'missingkbs' && partitionKey.endsWith(id))
      const open = isDamaged ? truth : openAfter(intervals, id, LAST_LOOK).join(' ')
      if (row?.['state'] === 'observed' && cached === truth && open === truth) return []
      return [
        `the machine ${id} is ${String(row?.['state'])}, misses ${cached} by its row and ${open} by its intervals; it should miss ${truth}`,
      ]
    })
}
