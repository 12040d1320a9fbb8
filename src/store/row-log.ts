import type { Log } from '../log.ts'
import type { OnDamage } from './read-row.ts'
import type { OnRefusal } from './refused-row.ts'

/** Beyond so many nobody reads on: the table was overwritten as a whole, or the service refuses everything. */
const MOST_NAMED = 1_000

/** Who is told of rows that cannot be read, and of rows that the storage does not take. */
export interface RowLog {
  onDamage: OnDamage
  onRefusal: OnRefusal
}

/** Names each such row once in the life of a process, by table and keys, never by value. */
export function rowLog(log: Log): RowLog {
  const named = new Set<string>()
  const isNew = (...name: unknown[]) => named.size < MOST_NAMED && named.size < named.add(JSON.stringify(name)).size
  return {
    onDamage({ table, partitionKey, rowKey, properties, isLost }) {
      if (!isNew('damage', table, partitionKey, rowKey, properties)) return
      log.error(isLost ? 'row.unreadable' : 'row.damaged', { table, partitionKey, rowKey, properties: properties.join(', ') })
    },
    onRefusal({ table, partitionKey, rowKey, code }) {
      if (isNew('refusal', table, partitionKey, rowKey, code)) log.error('row.refused', { table, partitionKey, rowKey, code })
    },
  }
}
