import { grouped } from '../start/text.ts'
import { NOW, startBenchWorld } from './bench-world.ts'
import type { Figure, Report } from './figure.ts'
import { peakOf } from './peak.ts'
import { inTurn } from './rounds.ts'
import { takeCompleted } from './unchanged.ts'

const MACHINES = 8_000
const WEEKS = 4
const WEEK_MS = 7 * 86_400_000
const ROUNDS = 7

/** Every row of `MissingKbs`, page by page as Power BI reads it, against a scan of the same rows with the SDK alone. */
export async function measureFeed(report: Report): Promise<Figure[]> {
  const world = await startBenchWorld({ machines: MACHINES, latencyMs: 0 })
  try {
    report(`${grouped(MACHINES)} machines: ${WEEKS} weekly snapshots`)
    for (let week = 0; week < WEEKS; week++) {
      await world.simulator.setNow(NOW + week * WEEK_MS)
      await takeCompleted(world)
    }
    await world.restartWorker()
    const { rows } = await world.worker.run('readFeed', {})
    const scanned = (await world.worker.run('scanIntervals', {})).rows
    if (rows !== scanned) throw new Error(`the feed gave ${rows} rows of ${scanned}`)
    report(`${ROUNDS} rounds of ${grouped(rows)} rows`)
    const read = async () => (await world.worker.run('readFeed', {})).milliseconds
    const scan = async () => (await world.worker.run('scanIntervals', {})).milliseconds
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
      await peakOf(world.worker, 'of reading it and scanning it'),
    ]
  } finally {
    await world.close()
  }
}
