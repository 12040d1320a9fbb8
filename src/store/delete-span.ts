import type { TransactionAction } from '@azure/data-tables'
import { eachAtOnce } from '../each-at-once.ts'
import { type EncodedRow, toBatches } from './batch.ts'
import type { KeySpan } from './key-span.ts'
import { isRowMissing } from './store-error.ts'
import type { Table } from './table.ts'

/** Batches under way at once: more only queue in the service. */
const BATCHES_AT_ONCE = 4

/**
 * Deletes every row of a stretch of a table, in transactions, page by page: how many of each page. Begun again, it goes on where it was,
 * for what is deleted is not found any more.
 */
export async function* deleteSpan(table: Table, span: KeySpan): AsyncGenerator<number> {
  for await (const page of table.spanPages(span, { select: ['PartitionKey', 'RowKey'] })) {
    const rows = page.map(({ partitionKey, rowKey }) => ({ partitionKey, rowKey }))
    await eachAtOnce(toBatches(rows, 'Merge'), BATCHES_AT_ONCE, async (batch) => deleteBatch(table, batch))
    yield rows.length
  }
}

/** A row that is gone refuses the whole transaction: a lost answer, sent again, finds them all gone. Then each is deleted by itself. */
async function deleteBatch(table: Table, rows: readonly EncodedRow[]): Promise<void> {
  try {
    await table.transact(rows.map(({ partitionKey, rowKey }): TransactionAction => ['delete', { partitionKey, rowKey }]))
  } catch (error) {
    if (!isRowMissing(error)) throw error
    for (const { partitionKey, rowKey } of rows) await table.deleteRow(partitionKey, rowKey)
  }
}
