import { pendingSnapshot, snapshotStartAt } from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'
import { grouped } from '../start/text.ts'
import { type Figure, megabytes, type Report } from './figure.ts'
import type { Worker } from './processes.ts'
import { inTurn } from './rounds.ts'
import { withHistory } from './worlds.ts'
import { machineIdsOf, snapshotIdAt, writeChanges } from './write-history.ts'

const CHANGES = { few: 20_000, many: 200_000 }
const MACHINES = 20_000
const ROUNDS = 3

/** All changes of a snapshot as CSV, as a client gets them: how fast against reading them at all, and whether memory grows with them. */
export async function measureCsv(report: Report): Promise<Figure[]> {
  const few = await withSnapshot(CHANGES.few, report, (worker) => peakOf(worker, CHANGES.few))
  return withSnapshot(CHANGES.many, report, async (worker) => {
    const many = await peakOf(worker, CHANGES.many)
    report(`${ROUNDS} rounds`)
    const { first, second, ratio } = await inTurn(
      ROUNDS,
      () => timeCsv(worker, CHANGES.many),
      async () => timeOf(await worker.run('readChangesBare', snapshotIdAt(1)), CHANGES.many),
    )
    const perSecond = (milliseconds: number) => `${grouped(Math.round((CHANGES.many / milliseconds) * 1000))} rows/s`
    return [
      {
        what: `CSV of ${grouped(CHANGES.many)} changes, against a bare SDK read of them`,
        measured: perSecond(first),
        against: perSecond(second),
        ratio: 1 / ratio,
      },
      {
        what: `peak memory of the CSV of ${grouped(CHANGES.many)} changes, against ${grouped(CHANGES.few)}`,
        measured: megabytes(many),
        against: megabytes(few),
        ratio: many / few,
        target: 'flat',
      },
    ]
  })
}

/** Measures a history of two snapshots, the second with so many changes. */
function withSnapshot<T>(changes: number, report: Report, measure: (worker: Worker) => Promise<T>): Promise<T> {
  report(`writing ${grouped(changes)} changes of ${grouped(MACHINES)} machines`)
  return withHistory(async (store) => {
    await writeChanges(store, machineIdsOf(MACHINES), 1, changes)
    for (const day of [0, 1]) await writeEnded(store, snapshotIdAt(day))
    const { etag } = await store.tenant.getOrCreate({})
    const ids = { oldestSnapshotId: snapshotIdAt(0), lastSnapshotId: snapshotIdAt(1), lastEndedSnapshotId: snapshotIdAt(1) }
    await store.tenant.patch(ids, etag)
  }, measure)
}

const writeEnded = (store: TenantStore, snapshotId: string) =>
  store.snapshots.write({
    ...pendingSnapshot(snapshotId, 'schedule'),
    status: 'completed',
    phase: 'ended',
    finishedAt: snapshotStartAt(snapshotId),
  })

async function peakOf(worker: Worker, changes: number): Promise<number> {
  await timeCsv(worker, changes)
  return (await worker.run('peakMemory')).bytes
}

const timeCsv = async (worker: Worker, changes: number) => timeOf(await worker.run('readCsv'), changes)

function timeOf({ milliseconds, rows }: { milliseconds: number; rows: number }, changes: number): number {
  if (rows !== changes) throw new Error(`${rows} rows came back of ${changes}`)
  return milliseconds
}
