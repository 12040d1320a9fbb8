import { grouped } from '../start/text.ts'
import { type Figure, peakFigure, type Report, timeFigure } from './figure.ts'
import { timeAgainstBare } from './unchanged.ts'
import { withFleet } from './worlds.ts'

const MACHINES = 10_000
const LATENCY_MS = 20
const ROUNDS = 2

/** Snapshots of a large fleet against the calls alone: the first, in which every answer is written (once: it is first only once), and unchanged ones. */
export function measureFirstSeen(report: Report): Promise<Figure[]> {
  return withFleet({ machines: MACHINES, latencyMs: LATENCY_MS }, async (fleet) => {
    report(`${grouped(MACHINES)} machines, seen for the first time, then unchanged`)
    const taken = await fleet.takeSnapshot()
    const machineIds = await fleet.wantedMachineIds()
    const bare = await fleet.askBare(machineIds)
    const what = `snapshot of ${grouped(machineIds.length)} first-seen machines, Defender answers in ${LATENCY_MS} ms, against the calls alone`
    return [
      timeFigure(what, { first: taken, second: bare, ratio: taken / bare }),
      await timeAgainstBare(fleet, LATENCY_MS, ROUNDS),
      await peakFigure(fleet.worker, 'of these'),
    ]
  })
}
