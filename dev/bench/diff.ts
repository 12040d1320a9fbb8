import { grouped } from '../start/text.ts'
import { type Figure, megabytes, type Report, timeFigure } from './figure.ts'
import type { Worker } from './processes.ts'
import { inTurn } from './rounds.ts'
import { withHistory } from './worlds.ts'
import { requestsOfYear } from './year.ts'
import { machineIdsOf, snapshotIdAt, writeChanges, writeMachines } from './write-history.ts'

const CHANGES = 10_000
const FLEETS = { small: 1_000, middle: 5_000, large: 20_000 }
const BASELINE_KBS = 3
const ROUNDS = 7
const RANGE = { short: 10, long: 30, changesADay: 5_000 }

/** The diff of two adjacent snapshots: against reading its rows, over fleets of other sizes, and over long ranges. */
export async function measureDiff(report: Report): Promise<Figure[]> {
  report(`writing fleets of ${Object.values(FLEETS).map(grouped).join(', ')} machines with ${grouped(CHANGES)} changes`)
  const adjacent = await withChanges(FLEETS.small, (small) =>
    withChanges(FLEETS.middle, (middle) => withChanges(FLEETS.large, (large) => compareFleets(small, middle, large, report))),
  )
  return [...adjacent, await memoryOfRange(report), await requestsOfYear(report)]
}

/** Measures a fleet with a first snapshot that saw every machine, and a second with as many changes as in any other fleet. */
function withChanges<T>(machines: number, measure: (worker: Worker) => Promise<T>): Promise<T> {
  return withHistory(async (store) => {
    const machineIds = machineIdsOf(machines)
    await writeMachines(store, machineIds)
    await writeChanges(store, machineIds, 0, BASELINE_KBS * machines)
    await writeChanges(store, machineIds, 1, CHANGES)
  }, measure)
}

async function compareFleets(small: Worker, middle: Worker, large: Worker, report: Report): Promise<Figure[]> {
  for (const worker of [small, middle, large]) {
    await timeDiff(worker)
    await timeBare(worker)
  }
  report(`${ROUNDS} rounds`)
  const bare = await inTurn(
    ROUNDS,
    () => timeDiff(middle),
    () => timeBare(middle),
  )
  const againstSmall = async (machines: number, worker: Worker) =>
    timeFigure(
      `diff of ${grouped(CHANGES)} changes in a fleet of ${grouped(machines)} machines, against a fleet of ${grouped(FLEETS.small)}`,
      await inTurn(
        ROUNDS,
        () => timeDiff(worker),
        () => timeDiff(small),
      ),
      'at most 1.3',
    )
  return [
    timeFigure(`diff of adjacent snapshots, ${grouped(CHANGES)} changes, against a bare SDK read of the same rows`, bare, 'at most 2'),
    await againstSmall(FLEETS.middle, middle),
    await againstSmall(FLEETS.large, large),
  ]
}

const timeDiff = async (worker: Worker) => timeOf(await worker.run('runDiff', [snapshotIdAt(1)]))

const timeBare = async (worker: Worker) => timeOf(await worker.run('readChangesBare', snapshotIdAt(1)))

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

function peakOfRange(snapshots: number, report: Report): Promise<number> {
  report(`writing ${snapshots} snapshots of ${grouped(RANGE.changesADay)} changes`)
  const days = Array.from({ length: snapshots }, (_, day) => day)
  const machineIds = machineIdsOf(FLEETS.large)
  return withHistory(
    async (store) => {
      for (const day of days) await writeChanges(store, machineIds, day, RANGE.changesADay)
    },
    async (worker) => {
      const { rows } = await worker.run('runDiff', days.map(snapshotIdAt))
      if (rows !== snapshots * RANGE.changesADay) throw new Error(`${rows} rows came back of ${snapshots * RANGE.changesADay}`)
      return (await worker.run('peakMemory')).bytes
    },
  )
}
