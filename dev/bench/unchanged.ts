import { grouped } from '../start/text.ts'
import { type BenchWorld, CONCURRENCY, NOW, startBenchWorld } from './bench-world.ts'
import { type Figure, type Report, seconds } from './figure.ts'
import { peakOf } from './peak.ts'
import { inTurn } from './rounds.ts'

const LATENCY_MS = 20
const ROUNDS = 3
const WEEK_MS = 7 * 86_400_000

/** Snapshots in which nothing changed: their time against that of the calls alone, and what they cost in table transactions. */
export async function measureUnchanged(report: Report): Promise<Figure[]> {
  const small = await inWorld(2_000, LATENCY_MS, report, async (world) => [
    await timeAgainstBare(world, LATENCY_MS, ROUNDS),
    ...(await transactions(world)),
  ])
  const large = await inWorld(10_000, 0, report, (world) => transactions(world))
  return [...small, ...large]
}

async function inWorld(
  machines: number,
  latencyMs: number,
  report: Report,
  measure: (world: BenchWorld) => Promise<Figure[]>,
): Promise<Figure[]> {
  const world = await startBenchWorld({ machines, latencyMs })
  try {
    report(`${grouped(machines)} machines: a first snapshot, then unchanged ones`)
    await takeCompleted(world)
    return [...(await measure(world)), await peakOf(world.worker, 'of these')]
  } finally {
    await world.close()
  }
}

export async function takeCompleted({ worker }: Pick<BenchWorld, 'worker'>): Promise<number> {
  const { milliseconds, status } = await worker.run('takeSnapshot', {})
  if (status !== 'completed') throw new Error(`a snapshot ended as ${status}`)
  return milliseconds
}

export async function wantedMachineIds(world: BenchWorld): Promise<string[]> {
  return (await world.machines()).filter(({ wanted }) => wanted).map(({ machineId }) => machineId)
}

/** The least that asking these machines takes. */
export async function fetchBareTime({ worker }: BenchWorld, machineIds: readonly string[]): Promise<number> {
  return (await worker.run('fetchBare', { machineIds, concurrency: CONCURRENCY })).milliseconds
}

export async function timeAgainstBare(world: BenchWorld, latencyMs: number, rounds: number): Promise<Figure> {
  const machineIds = await wantedMachineIds(world)
  const { first, second, ratio } = await inTurn(
    rounds,
    () => takeCompleted(world),
    () => fetchBareTime(world, machineIds),
  )
  return {
    what: `snapshot of ${grouped(machineIds.length)} unchanged machines, Defender answers in ${latencyMs} ms, against the calls alone`,
    measured: seconds(first),
    against: seconds(second),
    ratio,
    target: 'at most 1.3',
  }
}

/** An unchanged snapshot, then one a week later: what that costs beyond the unchanged one is the changed machines'. */
async function transactions(world: BenchWorld): Promise<Figure[]> {
  const unchanged = await countTransactions(world)
  const machines = (await world.machines()).length
  await world.simulator.setNow(NOW + WEEK_MS)
  const changed = await countTransactions(world)
  const rows = await world.machines()
  const latest = rows
    .map(({ changedSnapshotId }) => changedSnapshotId)
    .sort()
    .at(-1)
  const changedMachines = rows.filter(({ changedSnapshotId }) => changedSnapshotId === latest).length
  const more = changed - unchanged
  return [
    {
      what: `table transactions of a snapshot, per unchanged machine`,
      measured: grouped(unchanged),
      against: `${grouped(machines)} machines`,
      ratio: unchanged / machines,
      target: 'at most 0.03',
    },
    {
      what: `the same a week later, per changed machine`,
      measured: `${grouped(more)} more`,
      against: `${grouped(changedMachines)} changed`,
      ratio: more / changedMachines,
      target: '',
    },
  ]
}

async function countTransactions(world: BenchWorld): Promise<number> {
  const before = (await world.tables.counts()).transactions
  await takeCompleted(world)
  return (await world.tables.counts()).transactions - before
}
