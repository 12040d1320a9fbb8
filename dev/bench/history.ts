import type { TableClient } from '@azure/data-tables'
import type { TenantStore } from '../../src/store/index.ts'
import { grouped } from '../start/text.ts'
import { type Figure, peakFigure, type Report, timeFigure } from './figure.ts'
import type { Worker } from './processes.ts'
import { inTurn } from './rounds.ts'
import { withHistory } from './worlds.ts'
import { FULL_SNAPSHOTS, machineIdsOf, snapshotIdAt, writeChanges, writeFullSnapshot } from './write-history.ts'

const MACHINES = 100_000
const DAYS = 30
/** A hundredth of the fleet changes a day: one KB goes, another comes. */
const ONE_IN = 100
const CHANGES_A_DAY = (2 * MACHINES) / ONE_IN
const KBS = ['5094127', '5094128', '5095051', '5095102', '5096001', '5096010', '5097002', '5098000']
const ROUNDS = 3
const SNAPSHOT_IDS = Array.from({ length: DAYS }, (_, day) => snapshotIdAt(day))
const [BEFORE_LAST = '', LAST = ''] = SNAPSHOT_IDS.slice(-2)

/** The diff of a large fleet: of a day, against reading and comparing two snapshots kept in full, and of the whole range. */
export function measureHistory(report: Report): Promise<Figure[]> {
  report(`writing ${DAYS} snapshots of ${grouped(MACHINES)} machines with ${grouped(CHANGES_A_DAY)} changes each, and the last two in full`)
  return withHistory(writeHistory, async (worker) => {
    const day = () => timeDiff(worker, [LAST])
    const range = () => timeDiff(worker, SNAPSHOT_IDS)
    const full = async () => timeOf(await worker.run('compareFullSnapshots', BEFORE_LAST, LAST), CHANGES_A_DAY)
    await range()
    const peak = await peakFigure(worker, `of the diff over ${DAYS} days`)
    report(`${ROUNDS} rounds`)
    const figure = async (what: string, ours: () => Promise<number>): Promise<Figure> =>
      timeFigure(`${what}, against reading two full snapshots and comparing them`, await inTurn(ROUNDS, ours, full))
    return [
      await figure(`diff of a day, ${grouped(CHANGES_A_DAY)} changes of ${grouped(MACHINES)} machines`, day),
      await figure(`diff of ${DAYS} days, ${grouped(DAYS * CHANGES_A_DAY)} changes`, range),
      peak,
      await peakFigure(worker, 'of reading two full snapshots'),
    ]
  })
}

const changingOn = (day: number, machineIds: readonly string[]) => machineIds.filter((_, index) => index % ONE_IN === day % ONE_IN)

async function writeHistory(store: TenantStore, openTable: (name: string) => TableClient): Promise<void> {
  const machineIds = machineIdsOf(MACHINES)
  for (let day = 0; day < DAYS; day++) await writeChanges(store, changingOn(day, machineIds), day, CHANGES_A_DAY)
  const changed = new Set(changingOn(DAYS - 1, machineIds))
  const table = openTable(FULL_SNAPSHOTS)
  await writeFullSnapshot(table, BEFORE_LAST, machineIds, () => KBS)
  await writeFullSnapshot(table, LAST, machineIds, (machineId) => (changed.has(machineId) ? [...KBS.slice(1), '5099999'] : KBS))
}

const timeDiff = async (worker: Worker, snapshotIds: readonly string[]) =>
  timeOf(await worker.run('runDiff', snapshotIds), snapshotIds.length * CHANGES_A_DAY)

function timeOf({ milliseconds, rows }: { milliseconds: number; rows: number }, expected: number): number {
  if (rows !== expected) throw new Error(`${rows} changes came back of ${expected}`)
  return milliseconds
}
