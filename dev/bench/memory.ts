import { grouped } from '../start/text.ts'
import { startBenchWorld } from './bench-world.ts'
import type { Figure, Report } from './figure.ts'
import { peakOf } from './peak.ts'
import { takeCompleted } from './unchanged.ts'

const MACHINES = 20_000
const TARGET = 'at most 200 MB'

/** The most memory that the process of a slice has resident: with the first answers of a large fleet, and with unchanged ones. */
export async function measureMemory(report: Report): Promise<Figure[]> {
  const world = await startBenchWorld({ machines: MACHINES, latencyMs: 0 })
  try {
    const peakAfter = async (kind: string) => {
      report(`${grouped(MACHINES)} machines, ${kind}`)
      await takeCompleted(world)
      return peakOf(world.worker, `of a slice over ${grouped((await world.machines()).length)} ${kind} machines`, TARGET)
    }
    const first = await peakAfter('first-seen')
    await world.restartWorker()
    return [first, await peakAfter('unchanged')]
  } finally {
    await world.close()
  }
}
