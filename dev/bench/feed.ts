import { grouped } from '../start/text.ts'
import { type Figure, peakFigure, type Report } from './figure.ts'
import { inTurn } from './rounds.ts'
import { withFleet } from './worlds.ts'

const MACHINES = 8_000
const WEEKS = 4
const ROUNDS = 7

/** Every row of `MissingKbs`, page by page as Power BI reads it, against a scan of the same rows with the SDK alone. */
export function measureFeed(report: Report): Promise<Figure[]> {
  return withFleet({ machines: MACHINES, latencyMs: 0 }, async (fleet) => {
    report(`${grouped(MACHINES)} machines: ${WEEKS} weekly snapshots`)
    for (let week = 0; week < WEEKS; week++) {
      await fleet.moveToWeek(week)
      await fleet.takeSnapshot()
    }
    await fleet.restartWorker()
    const { worker } = fleet
    const { rows } = await worker.run('readFeed')
    const scanned = (await worker.run('scanIntervals')).rows
    if (rows !== scanned) throw new Error(`the feed gave ${rows} rows of ${scanned}`)
    report(`${ROUNDS} rounds of ${grouped(rows)} rows`)
    const read = async () => (await worker.run('readFeed')).milliseconds
    const scan = async () => (await worker.run('scanIntervals')).milliseconds
    const { first, second, ratio } = await inTurn(ROUNDS, read, scan)
    const perSecond = (milliseconds: number) => `${grouped(Math.round((rows / milliseconds) * 1000))} rows/s`
    return [
      {
        what: `full read of MissingKbs, ${grouped(rows)} rows, against a bare SDK scan of them`,
        measured: perSecond(first),
        against: perSecond(second),
        ratio: 1 / ratio,
        target: 'at least 0.7',
      },
      await peakFigure(worker, 'of reading it and scanning it'),
    ]
  })
}
