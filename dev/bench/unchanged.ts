import { grouped } from '../start/text.ts'
import { type Figure, peakFigure, type Report, timeFigure } from './figure.ts'
import { inTurn } from './rounds.ts'
import { type Fleet, withFleet } from './worlds.ts'

const LATENCY_MS = 20
const ROUNDS = 3

/** Snapshots in which nothing changed: their time against that of the calls alone, and what they cost in table transactions. */
export async function measureUnchanged(report: Report): Promise<Figure[]> {
  const started = (fleet: Fleet, machines: number) => {
    report(`${grouped(machines)} machines: a first snapshot, then unchanged ones`)
    return fleet.takeSnapshot()
  }
  const small = await withFleet({ machines: 2_000, latencyMs: LATENCY_MS }, async (fleet) => {
    await started(fleet, 2_000)
    const time = await timeAgainstBare(fleet, LATENCY_MS, ROUNDS)
    return [time, ...(await transactions(fleet)), await peakFigure(fleet.worker, 'of these')]
  })
  const large = await withFleet({ machines: 10_000, latencyMs: 0 }, async (fleet) => {
    await started(fleet, 10_000)
    return [...(await transactions(fleet)), await peakFigure(fleet.worker, 'of these')]
  })
  return [...small, ...large]
}

export async function timeAgainstBare(fleet: Fleet, latencyMs: number, rounds: number): Promise<Figure> {
  const machineIds = await fleet.wantedMachineIds()
  return timeFigure(
    `snapshot of ${grouped(machineIds.length)} unchanged machines, Defender answers in ${latencyMs} ms, against the calls alone`,
    await inTurn(
      rounds,
      () => fleet.takeSnapshot(),
      () => fleet.askBare(machineIds),
    ),
    'at most 1.3',
  )
}

/** An unchanged snapshot, then one a week later: what that costs beyond the unchanged one is the changed machines'. */
async function transactions(fleet: Fleet): Promise<Figure[]> {
  const unchanged = await countTransactions(fleet)
  const machines = (await fleet.machines()).length
  await fleet.moveToWeek(1)
  const more = (await countTransactions(fleet)) - unchanged
  const changedAt = (await fleet.machines()).flatMap(({ changedSnapshotId }) => changedSnapshotId ?? []).sort()
  const changedMachines = changedAt.filter((snapshotId) => snapshotId === changedAt.at(-1)).length
  return [
    {
      what: 'table transactions of a snapshot, per unchanged machine',
      measured: grouped(unchanged),
      against: `${grouped(machines)} machines`,
      ratio: unchanged / machines,
      target: 'at most 0.03',
    },
    {
      what: 'the same a week later, per changed machine',
      measured: `${grouped(more)} more`,
      against: `${grouped(changedMachines)} changed`,
      ratio: more / changedMachines,
    },
  ]
}

async function countTransactions(fleet: Fleet): Promise<number> {
  const before = await fleet.transactions()
  await fleet.takeSnapshot()
  return (await fleet.transactions()) - before
}
