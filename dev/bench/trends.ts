import type { TenantStore } from '../../src/store/index.ts'
import { grouped } from '../start/text.ts'
import { type Figure, type Report, timeFigure } from './figure.ts'
import type { Worker } from './processes.ts'
import { inTurn } from './rounds.ts'
import { withHistory } from './worlds.ts'
import { snapshotIdAt } from './write-history.ts'
import { type CountedFleet, writeCohorts, writeEnd, writeTrends } from './write-trends.ts'

const FLEET: CountedFleet = { machines: 100_000, groups: 50, firstDay: 0, days: 90 }
const ROUNDS = 15

/** The overview and the trend of a large fleet, as a client gets them, against a bare SDK read of the rows that they take. */
export async function measureTrends(report: Report): Promise<Figure[]> {
  const { machines, groups, days } = FLEET
  report(`counting ${days} days of ${grouped(machines)} machines in ${groups} groups`)
  return withHistory(writeAll, async (worker) => {
    report(`${ROUNDS} rounds`)
    const figures: Figure[] = []
    for (const route of ['overview', 'trends'] as const) {
      await timeOf(worker, route)
      const compared = await inTurn(
        ROUNDS,
        () => timeOf(worker, route),
        async () => (await worker.run('readTrendRowsBare', route, snapshotIdAt(0), snapshotIdAt(days - 1))).milliseconds,
      )
      figures.push(timeFigure(`${route} of ${grouped(machines)} machines, against a bare SDK read of its rows`, compared))
    }
    return figures
  })
}

const timeOf = async (worker: Worker, route: string) => (await worker.run('readRoute', route)).milliseconds

/** What as many days of a fleet leave at the ends of their snapshots; the machines themselves are never read. */
async function writeAll(store: TenantStore): Promise<void> {
  await writeTrends(store, FLEET)
  await writeCohorts(store, FLEET)
  await writeEnd(store, FLEET)
}
