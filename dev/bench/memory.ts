import { grouped } from '../start/numbers.ts'
import { startBenchWorld } from './bench-world.ts'
import { type Figure, megabytes, type Report } from './figure.ts'
import { takeCompleted } from './unchanged.ts'

const MACHINES = 20_000
const TARGET = 'at most 200 MB'

/**
 * The heap that Node allows itself on an instance of 2 GB, the default of Flex Consumption: half of the memory there is. How much garbage
 * V8 lets lie depends on it: here, with more memory, it lets four times what is in use lie before it looks.
 * https://developers.redhat.com/articles/2025/10/10/nodejs-20-memory-management-containers
 */
const HEAP_OF_2_GB = '--max-old-space-size=1024'

/** The most memory that the process of a slice has resident: with the first answers of a large fleet, and with unchanged ones. */
export async function measureMemory(report: Report): Promise<Figure[]> {
  return [
    ...(await measureWith('on an instance of 2 GB', [HEAP_OF_2_GB], TARGET, report)),
    ...(await measureWith('with all the memory of this machine', [], '', report)),
  ]
}

async function measureWith(where: string, execArgv: readonly string[], target: string, report: Report): Promise<Figure[]> {
  const world = await startBenchWorld({ machines: MACHINES, latencyMs: 0, execArgv })
  try {
    const peak = async () => (await world.worker.run('peakMemory', {})).bytes
    const idle = await peak()
    const against = `${megabytes(idle)} when started`
    report(`${grouped(MACHINES)} machines, seen for the first time, ${where}`)
    await takeCompleted(world)
    const first = await peak()
    await world.restartWorker()
    report(`${grouped(MACHINES)} machines, unchanged, ${where}`)
    await takeCompleted(world)
    const unchanged = await peak()
    const machines = grouped((await world.machines()).length)
    const what = (kind: string) => `peak memory of one slice over ${machines} ${kind} machines, ${where}`
    return [
      { what: what('first-seen'), measured: megabytes(first), against, ratio: first / idle, target },
      { what: what('unchanged'), measured: megabytes(unchanged), against, ratio: unchanged / idle, target },
    ]
  } finally {
    await world.close()
  }
}
