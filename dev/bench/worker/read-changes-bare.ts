import { odata } from '@azure/data-tables'
import { createCredential } from '../../../src/defender/index.ts'
import { BUCKETS } from '../../../src/store/index.ts'
import { keys, monthOf } from '../../../src/store/keys.ts'
import { tableOpener } from '../../../src/store/open-table.ts'
import type { Answer, Asked } from './job.ts'
import { openServices } from './services.ts'

/** Reads one snapshot's change rows with the SDK alone, all partitions at once, and drops them. */
export async function readChangesBare({ snapshotId }: Asked<'readChangesBare'>): Promise<Answer<'readChangesBare'>> {
  const { config } = openServices()
  const { tenantId } = config.defender
  const table = tableOpener(config.storage, () => createCredential())(`changes${monthOf(snapshotId)}`)
  const startedAt = performance.now()
  let rows = 0
  await Promise.all(BUCKETS.map(async (bucket) => {
    const filter = odata`PartitionKey eq ${keys.changes(tenantId, snapshotId, bucket)}`
    for await (const page of table.listEntities({ queryOptions: { filter } }).byPage({ maxPageSize: 1000 })) rows += page.length
  }))
  return { milliseconds: performance.now() - startedAt, rows }
}
