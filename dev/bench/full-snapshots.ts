import { TableClient } from '@azure/data-tables'
import { STORAGE_OPTIONS } from '../../src/store/store.ts'

/** Where the other way of keeping history is tried: every snapshot in full, a row a machine. It is measured against, and not part of the program. */
export const FULL_SNAPSHOTS = 'fullsnapshots'

const BATCH = 100

/** Writes one snapshot in full: each machine with the KBs it is missing. */
export async function writeFullSnapshot(
  connectionString: string,
  snapshotId: string,
  machineIds: readonly string[],
  kbIdsOf: (machineId: string) => readonly string[],
): Promise<void> {
  const table = TableClient.fromConnectionString(connectionString, FULL_SNAPSHOTS, { ...STORAGE_OPTIONS, allowInsecureConnection: true })
  await table.createTable()
  const sorted = machineIds.toSorted()
  for (let start = 0; start < sorted.length; start += BATCH) {
    const rows = sorted
      .slice(start, start + BATCH)
      .map((machineId) => ({ partitionKey: snapshotId, rowKey: machineId, kbIds: kbIdsOf(machineId).join(' ') }))
    await table.submitTransaction(rows.map((row) => ['upsert', row, 'Replace']))
  }
}
