import { grouped } from '../start/text.ts'
import { type Figure, megabytes, type Report, seconds } from './figure.ts'
import { type HistoryWorld, startHistoryWorld } from './history-world.ts'
import { inTurn } from './rounds.ts'
import { machineIdsOf, snapshotIdAt, writeChanges, writeMachines } from './write-changes.ts'

const CHANGES = 10_000
const FLEETS = { small: 1_000, middle: 5_000, large: 20_000 }
const BASELINE_KBS = 3
const ROUNDS = 7
const RANGE = { short: 10, long: 30, changesADay: 5_000 }

/** The diff of two adjacent snapshots: against reading its rows, over fleets of other sizes, and over long ranges. */
export async function measureDiff(report: Report): Promise<Figure[]> {
  return [...(await adjacent(report)), await memoryOfRange(report)]
}

async function adjacent(report: Report): Promise<Figure[]> {
  report(`writing fleets of ${Object.values(FLEETS).map(grouped).join(', ')} machines with ${grouped(CHANGES)} changes`)
  const worlds = { small: await fleet(FLEETS.small), middle: await fleet(FLEETS.middle), large: await fleet(FLEETS.large) }
  try {
    for (const world of Object.values(worlds)) {
      await timeDiff(world)
      await timeBare(world)
    }
    report(`${ROUNDS} rounds`)
    const bare = await inTurn(
      ROUNDS,
      () => timeDiff(worlds.middle),
      () => timeBare(worlds.middle),
    )
    const middle = await inTurn(
      ROUNDS,
      () => timeDiff(worlds.middle),
      () => timeDiff(worlds.small),
    )
    const large = await inTurn(
      ROUNDS,
      () => timeDiff(worlds.large),
      () => timeDiff(worlds.small),
    )
    const shown = ({ first, second, ratio }: typeof bare) => ({ measured: seconds(first), against: seconds(second), ratio })
    const overFleets = (machines: number) =>
      `diff of ${grouped(CHANGES)} changes in a fleet of ${grouped(machines)} machines, against a fleet of ${grouped(FLEETS.small)}`
    return [
      {
        what: `diff of adjacent snapshots, ${grouped(CHANGES)} changes, against a bare SDK read of the same rows`,
        ...shown(bare),
        target: 'at most 2',
      },
      { what: overFleets(FLEETS.middle), ...shown(middle), target: 'at most 1.3' },
      { what: overFleets(FLEETS.large), ...shown(large), target: 'at most 1.3' },
    ]
  } finally {
    for (const world of Object.values(worlds)) await world.close()
  }
}

/** A fleet with a first snapshot that saw every machine, and a second with as many changes as in any other fleet. */
const fleet = (machines: number): Promise<HistoryWorld> =>
  startHistoryWorld(async ({ store, tenantId }) => {
    const machineIds = machineIdsOf(machines)
    await writeMachines(store, tenantId, machineIds)
    await writeChanges(store, tenantId, machineIds, 0, BASELINE_KBS * machines)
    await writeChanges(store, tenantId, machineIds, 1, CHANGES)
  })

async function timeDiff({ worker }: HistoryWorld): Promise<number> {
  return timeOf(await worker.run('runDiff', { snapshotIds: [snapshotIdAt(1)] }))
}

async function timeBare({ worker }: HistoryWorld): Promise<number> {
  return timeOf(await worker.run('readChangesBare', { snapshotId: snapshotIdAt(1) }))
}

function timeOf({ milliseconds, rows }: { milliseconds: number; rows: number }): number {
  if (rows !== CHANGES) throw new Error(`${rows} rows came back of ${CHANGES}`)
  return milliseconds
}

async function memoryOfRange(report: Report): Promise<Figure> {
  const short = await peakOfRange(RANGE.short, report)
  const long = await peakOfRange(RANGE.long, report)
  return {
    what: `peak memory of a diff over ${RANGE.long} snapshots of ${grouped(RANGE.changesADay)} changes each, against ${RANGE.short} snapshots`,
    measured: megabytes(long),
    against: megabytes(short),
    ratio: long / short,
    target: 'flat',
  }
}

async function peakOfRange(snapshots: number, report: Report): Promise<number> {
  report(`writing ${snapshots} snapshots of ${grouped(RANGE.changesADay)} changes`)
  const days = Array.from({ length: snapshots }, (_, day) => day)
  const world = await startHistoryWorld(async ({ store, tenantId }) => {
    const machineIds = machineIdsOf(FLEETS.large)
    for (const day of days) await writeChanges(store, tenantId, machineIds, day, RANGE.changesADay)
  })
  try {
    const { rows } = await world.worker.run('runDiff', { snapshotIds: days.map(snapshotIdAt) })
    if (rows !== snapshots * RANGE.changesADay) throw new Error(`${rows} rows came back of ${snapshots * RANGE.changesADay}`)
    return (await world.worker.run('peakMemory', {})).bytes
  } finally {
    await world.close()
  }
}
