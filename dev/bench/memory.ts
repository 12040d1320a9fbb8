import { grouped } from '../start/numbers.ts'
import { startBenchWorld } from './bench-world.ts'
import { type Figure, megabytes, type Report } from './figure.ts'
import { takeCompleted } from './unchanged.ts'

const MACHINES = 20_000
const TARGET = 'at most 200 MB'

/** The most memory that the process of a slice has resident: with the first answers of a large fleet, and with unchanged ones. */
export async function measureMemory(report: Report): Promise<Figure[]> {
  const world = await startBenchWorld({ machines: MACHINES, latencyMs: 0 })
  try {
    const peak = async () => (await world.worker.run('peakMemory', {})).bytes
    const idle = await peak()
    const against = `${megabytes(idle)} when started`
    report(`${grouped(MACHINES)} machines, seen for the first time`)
    await takeCompleted(world)
    const first = await peak()
    await world.restartWorker()
    report(`${grouped(MACHINES)} machines, unchanged`)
    await takeCompleted(world)
    const unchanged = await peak()
    const machines = grouped((await world.machines()).length)
    return [
      { what: `peak memory of one slice over ${machines} first-seen machines`, measured: megabytes(first), against, ratio: first / idle, target: TARGET },
      { what: `peak memory of one slice over ${machines} unchanged machines`, measured: megabytes(unchanged), against, ratio: unchanged / idle, target: TARGET },
    ]
  } finally {
    await world.close()
  }
}
