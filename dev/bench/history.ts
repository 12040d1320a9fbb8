import { grouped } from '../start/text.ts'
import { type Figure, type Report, seconds } from './figure.ts'
import { writeFullSnapshot } from './full-snapshots.ts'
import { type HistoryWorld, startHistoryWorld } from './history-world.ts'
import { peakOf } from './peak.ts'
import { inTurn } from './rounds.ts'
import { machineIdsOf, snapshotIdAt, writeChanges } from './write-changes.ts'

const MACHINES = 100_000
const DAYS = 30
/** A hundredth of the fleet changes a day: one KB goes, another comes. */
const ONE_IN = 100
const CHANGES_A_DAY = (2 * MACHINES) / ONE_IN
const KBS = ['5094127', '5094128', '5095051', '5095102', '5096001', '5096010', '5097002', '5098000']
const ROUNDS = 3

const changingOn = (day: number, machineIds: readonly string[]) => machineIds.filter((_, index) => index % ONE_IN === day % ONE_IN)

/** The diff of a large fleet: of a day, against reading and comparing two snapshots kept in full, and of the whole range. */
export async function measureHistory(report: Report): Promise<Figure[]> {
  report(`writing ${DAYS} snapshots of ${grouped(MACHINES)} machines with ${grouped(CHANGES_A_DAY)} changes each, and the last two in full`)
  const world = await startHistoryWorld(writeHistory)
  try {
    const [from, to] = [snapshotIdAt(DAYS - 2), snapshotIdAt(DAYS - 1)]
    const day = async () => timeOf(await world.worker.run('runDiff', { snapshotIds: [to] }), CHANGES_A_DAY)
    const range = async () =>
      timeOf(
        await world.worker.run('runDiff', { snapshotIds: Array.from({ length: DAYS }, (_, at) => snapshotIdAt(at)) }),
        DAYS * CHANGES_A_DAY,
      )
    await range()
    const peak = await peakOf(world.worker, `of the diff over ${DAYS} days`)
    report(`${ROUNDS} rounds`)
    const full = async () => timeOf(await world.worker.run('compareFullSnapshots', { snapshotIds: [from, to] }), CHANGES_A_DAY)
    const figure = async (what: string, ours: () => Promise<number>): Promise<Figure> => {
      const { first, second, ratio } = await inTurn(ROUNDS, ours, full)
      return {
        what: `${what}, against reading two full snapshots and comparing them`,
        measured: seconds(first),
        against: seconds(second),
        ratio,
        target: '',
      }
    }
    return [
      await figure(`diff of a day, ${grouped(CHANGES_A_DAY)} changes of ${grouped(MACHINES)} machines`, day),
      await figure(`diff of ${DAYS} days, ${grouped(DAYS * CHANGES_A_DAY)} changes`, range),
      peak,
      await peakOf(world.worker, 'of reading two full snapshots'),
    ]
  } finally {
    await world.close()
  }
}

async function writeHistory({
  store,
  tenantId,
  connectionString,
}: Pick<HistoryWorld, 'store' | 'tenantId' | 'connectionString'>): Promise<void> {
  const machineIds = machineIdsOf(MACHINES)
  for (let day = 0; day < DAYS; day++) await writeChanges(store, tenantId, changingOn(day, machineIds), day, CHANGES_A_DAY)
  const changed = new Set(changingOn(DAYS - 1, machineIds))
  await writeFullSnapshot(connectionString, snapshotIdAt(DAYS - 2), machineIds, () => KBS)
  await writeFullSnapshot(connectionString, snapshotIdAt(DAYS - 1), machineIds, (machineId) =>
    changed.has(machineId) ? [...KBS.slice(1), '5099999'] : KBS,
  )
}

function timeOf({ milliseconds, rows }: { milliseconds: number; rows: number }, expected: number): number {
  if (rows !== expected) throw new Error(`${rows} changes came back of ${expected}`)
  return milliseconds
}
