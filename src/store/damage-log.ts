import type { Log } from '../outside.ts'
import type { OnDamage } from './read-row.ts'

/** Beyond so many nobody reads on: the table was overwritten as a whole. */
const MOST_NAMED = 1_000

/** Names each damaged row once in the life of a process, by table and keys, never by value. */
export function damageLog(log: Log): OnDamage {
  const named = new Set<string>()
  return ({ table, partitionKey, rowKey, properties, isLost }) => {
    const name = JSON.stringify([table, partitionKey, rowKey, properties])
    if (named.has(name) || named.size >= MOST_NAMED) return
    named.add(name)
    log.error(isLost ? 'row.unreadable' : 'row.damaged', { table, partitionKey, rowKey, properties: properties.join(', ') })
  }
}
