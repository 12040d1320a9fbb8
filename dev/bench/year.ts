import { TableClient } from '@azure/data-tables'
import { bucketOf, BUCKETS, openStore } from '../../src/store/index.ts'
import { diffRows, type DiffSnapshot } from '../../src/history/diff.ts'
import { grouped } from '../start/text.ts'
import { startTableService } from '../table-service/index.ts'
import type { Figure, Report } from './figure.ts'
import { machineIdsOf, snapshotIdAt, TENANT_ID, writeChanges } from './write-history.ts'

const MACHINES = 1_000
const DAYS = 365
/** One machine in a hundred changes a day, in a few KBs. */
const CHANGED_MACHINES = MACHINES / 100
const CHANGES_A_DAY = 3 * CHANGED_MACHINES

/** A diff over a year of daily snapshots in which little changes: what it asks of storage, against what comes back. */
export async function requestsOfYear(report: Report): Promise<Figure> {
  report(`writing ${DAYS} snapshots of ${CHANGES_A_DAY} changes each`)
  const service = await startTableService()
  const open = (name: string) => TableClient.fromConnectionString(service.connectionString, name, { allowInsecureConnection: true })
  const store = openStore(open, '').of(TENANT_ID)
  const machineIds = machineIdsOf(MACHINES)
  const snapshots: DiffSnapshot[] = []
  for (let day = 0; day < DAYS; day++) {
    const first = (day * CHANGED_MACHINES) % MACHINES
    const changed = machineIds.slice(first, first + CHANGED_MACHINES)
    await writeChanges(store, changed, day, CHANGES_A_DAY)
    const buckets = new Set(changed.map(bucketOf))
    const changedBuckets = BUCKETS.filter((bucket) => buckets.has(bucket)).join('')
    snapshots.push({ snapshotId: snapshotIdAt(day), changedBuckets, appeared: CHANGES_A_DAY, resolved: 0 })
  }
  const before = service.counts().transactions
  const diff = { snapshots, toSnapshotId: snapshotIdAt(DAYS - 1), mode: 'net', filter: {}, rowsWanted: Infinity } as const
  let rows = 0
  for await (const batch of diffRows(store.changes, diff)) rows += batch.rows.length
  const requests = service.counts().transactions - before
  await service.close()
  return {
    what: `requests of a diff over ${DAYS} daily snapshots of ${grouped(MACHINES)} machines, 1 % changed a day, against changes read`,
    measured: grouped(requests),
    against: `${grouped(rows)} changes`,
    ratio: requests / rows,
    target: 'at most 0.3',
  }
}
