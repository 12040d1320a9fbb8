import { grouped } from '../start/text.ts'
import { startBenchWorld } from './bench-world.ts'
import { type Figure, type Report, seconds } from './figure.ts'
import { peakOf } from './peak.ts'
import { fetchBareTime, takeCompleted, timeAgainstBare, wantedMachineIds } from './unchanged.ts'

const MACHINES = 10_000
const LATENCY_MS = 20
const ROUNDS = 2

/** Snapshots of a large fleet against the calls alone: the first, in which every answer is written (once: it is first only once), and unchanged ones. */
export async function measureFirstSeen(report: Report): Promise<Figure[]> {
  const world = await startBenchWorld({ machines: MACHINES, latencyMs: LATENCY_MS })
  try {
    report(`${grouped(MACHINES)} machines, seen for the first time, then unchanged`)
    const taken = await takeCompleted(world)
    const machineIds = await wantedMachineIds(world)
    const bare = await fetchBareTime(world, machineIds)
    return [
      {
        what: `snapshot of ${grouped(machineIds.length)} first-seen machines, Defender answers in ${LATENCY_MS} ms, against the calls alone`,
        measured: seconds(taken),
        against: seconds(bare),
        ratio: taken / bare,
        target: '',
      },
      await timeAgainstBare(world, LATENCY_MS, ROUNDS),
      await peakOf(world.worker, 'of these'),
    ]
  } finally {
    await world.close()
  }
}
