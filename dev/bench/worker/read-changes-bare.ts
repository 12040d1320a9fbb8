import { odata } from '@azure/data-tables'
import { BUCKETS } from '../../../src/store/index.ts'
import { monthOf, tenantKeys } from '../../../src/store/keys.ts'
import type { Answer, Asked } from './job.ts'
import { openBare } from './open-bare.ts'
import { openServices } from './services.ts'

/** Reads one snapshot's change rows with the SDK alone, all partitions at once, and drops them. */
export async function readChangesBare({ snapshotId }: Asked<'readChangesBare'>): Promise<Answer<'readChangesBare'>> {
  const { tenantId } = openServices().config.defender
  const table = openBare(`changes${monthOf(snapshotId)}`)
  const startedAt = performance.now()
  let rows = 0
  await Promise.all(
    BUCKETS.map(async (bucket) => {
      const filter = odata`PartitionKey eq ${tenantKeys(tenantId).partition(snapshotId, bucket)}`
      for await (const page of table.listEntities({ queryOptions: { filter } }).byPage({ maxPageSize: 1000 })) rows += page.length
    }),
  )
  return { milliseconds: performance.now() - startedAt, rows }
}
