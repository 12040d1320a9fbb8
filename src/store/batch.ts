import type { UpdateMode } from '@azure/data-tables'
import type { StoredProperties } from './columns.ts'

/**
 * Limits of an entity group transaction.
 * https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 */
export const BATCH_LIMITS = {
  rows: 100,
  /** The payload must stay under 4 MiB, and every operation adds about 1 KB of multipart headers; what is left is margin for escapes. */
  bytes: 3 * 1024 * 1024,
  bytesOfHeaders: 1024,
} as const

export type EncodedRow = StoredProperties & { partitionKey: string; rowKey: string }

/**
 * Groups rows into transactions: one partition each, at most 100 rows and 3 MiB, each key once, with the same outcome as writing
 * the rows one after another. Rows keep their order within a partition, so neighbours in a table share a transaction.
 */
export function toBatches(rows: readonly EncodedRow[], mode: UpdateMode): EncodedRow[][] {
  const partitions = new Map<string, Map<string, EncodedRow>>()
  for (const row of rows) {
    const partition = partitions.get(row.partitionKey) ?? new Map<string, EncodedRow>()
    const earlier = mode === 'Merge' ? partition.get(row.rowKey) : undefined
    partitions.set(row.partitionKey, partition.set(row.rowKey, { ...earlier, ...row }))
  }
  return [...partitions.values()].flatMap((partition) => split([...partition.values()], BATCH_LIMITS))
}

/** Groups rows of one partition into transactions that each have room for the row `beside` too. At least one, which may be empty. */
export function batchesBeside(beside: EncodedRow, rows: readonly EncodedRow[]): EncodedRow[][] {
  const unique = new Map(rows.map((row) => [row.rowKey, row]))
  const batches = split([...unique.values()], { rows: BATCH_LIMITS.rows - 1, bytes: BATCH_LIMITS.bytes - byteLength(beside) })
  return batches.length > 0 ? batches : [[]]
}

function split(rows: readonly EncodedRow[], limits: { rows: number; bytes: number }): EncodedRow[][] {
  const batches: EncodedRow[][] = []
  let batch: EncodedRow[] = []
  let bytes = 0
  for (const row of rows) {
    const rowBytes = byteLength(row)
    if (batch.length === limits.rows || (batch.length > 0 && bytes + rowBytes > limits.bytes)) {
      batches.push(batch)
      batch = []
      bytes = 0
    }
    batch.push(row)
    bytes += rowBytes
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}

/** An upper bound of the row's share of the payload, in bytes: JSON in UTF-8 plus the operation's headers. */
function byteLength(row: EncodedRow): number {
  return Buffer.byteLength(JSON.stringify(row)) + BATCH_LIMITS.bytesOfHeaders
}
