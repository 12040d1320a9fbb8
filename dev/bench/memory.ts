import { grouped } from '../start/text.ts'
import { type Figure, peakFigure, type Report } from './figure.ts'
import { withFleet } from './worlds.ts'

const MACHINES = 20_000
const TARGET = 'at most 200 MB'

/** The most memory that the process of a slice has resident: with the first answers of a large fleet, and with unchanged ones. */
export function measureMemory(report: Report): Promise<Figure[]> {
  return withFleet({ machines: MACHINES, latencyMs: 0 }, async (fleet) => {
    const peakAfter = async (kind: string) => {
      report(`${grouped(MACHINES)} machines, ${kind}`)
      await fleet.takeSnapshot()
      return peakFigure(fleet.worker, `of a slice over ${grouped((await fleet.machines()).length)} ${kind} machines`, TARGET)
    }
    const first = await peakAfter('first-seen')
    await fleet.restartWorker()
    return [first, await peakAfter('unchanged')]
  })
}
