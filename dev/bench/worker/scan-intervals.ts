import { odata } from '@azure/data-tables'
import { STATE_ROW } from '../../../src/store/keys.ts'
import type { Answer } from './job.ts'
import { openBare } from './open-bare.ts'
import { openServices } from './services.ts'

/** Reads all of the tenant's intervals with the SDK alone, page after page, and drops them. */
export async function scanIntervals(): Promise<Answer<'scanIntervals'>> {
  const { tenantId } = openServices().config.defender
  const table = openBare('missingkbs')
  const filter = odata`PartitionKey ge ${`${tenantId}|`} and PartitionKey lt ${`${tenantId}}`}`
  const startedAt = performance.now()
  let rows = 0
  for await (const page of table.listEntities({ queryOptions: { filter } }).byPage({ maxPageSize: 1000 })) {
    for (const { rowKey } of page) rows += rowKey === STATE_ROW ? 0 : 1
  }
  return { milliseconds: performance.now() - startedAt, rows }
}
