import { grouped } from '../start/numbers.ts'
import { CONCURRENCY, startBenchWorld } from './bench-world.ts'
import { type Figure, type Report, seconds } from './figure.ts'
import { takeCompleted } from './unchanged.ts'

const MACHINES = 10_000
const LATENCY_MS = 20

/** The first snapshot of a fleet, in which every answer is written, against the calls alone. One round: it is first only once. */
export async function measureFirstSeen(report: Report): Promise<Figure[]> {
  const world = await startBenchWorld({ machines: MACHINES, latencyMs: LATENCY_MS })
  try {
    report(`${grouped(MACHINES)} machines, seen for the first time, then the calls alone`)
    const taken = await takeCompleted(world)
    const machineIds = (await world.machines()).filter(({ wanted }) => wanted).map(({ machineId }) => machineId)
    const { milliseconds } = await world.worker.run('fetchBare', { machineIds, concurrency: CONCURRENCY })
    return [{
      what: `snapshot of ${grouped(machineIds.length)} first-seen machines, Defender answers in ${LATENCY_MS} ms, against the calls alone`,
      measured: seconds(taken), against: seconds(milliseconds), ratio: taken / milliseconds, target: '',
    }]
  } finally {
    await world.close()
  }
}
