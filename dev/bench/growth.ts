import { grouped } from '../start/text.ts'
import { type Figure, peakFigure, type Report } from './figure.ts'
import { withFleet } from './worlds.ts'

const FLEETS = [1_000, 10_000, 100_000] as const

/** Milliseconds of the two snapshots of a fleet. */
interface Taken {
  machines: number
  firstSeen: number
  unchanged: number
  peak: Figure
}

/** A first snapshot and an unchanged one of ever larger fleets, without quota and with a Defender that answers at once. */
export async function measureGrowth(report: Report): Promise<Figure[]> {
  const taken: Taken[] = []
  for (const machines of FLEETS) taken.push(await takeBoth(machines, report))
  const [smallest, ...larger] = taken
  if (!smallest) return []
  const figures = larger.flatMap((fleet) => [
    perMachine('first snapshot', fleet, smallest, ({ firstSeen }) => firstSeen),
    perMachine('unchanged snapshot', fleet, smallest, ({ unchanged }) => unchanged),
  ])
  return [...figures, ...taken.map(({ peak }) => peak)]
}

function takeBoth(about: number, report: Report): Promise<Taken> {
  report(`${grouped(about)} machines: a first snapshot, then an unchanged one`)
  return withFleet({ machines: about, latencyMs: 0 }, async (fleet) => {
    const firstSeen = await fleet.takeSnapshot()
    const unchanged = await fleet.takeSnapshot()
    const { length: machines } = await fleet.machines()
    return { machines, firstSeen, unchanged, peak: await peakFigure(fleet.worker, `of both over ${grouped(machines)} machines`) }
  })
}

function perMachine(snapshot: string, fleet: Taken, smallest: Taken, millisecondsOf: (taken: Taken) => number): Figure {
  const [own, least] = [fleet, smallest].map((taken) => millisecondsOf(taken) / taken.machines) as [number, number]
  return {
    what: `${snapshot} of ${grouped(fleet.machines)} machines, time per machine, against ${grouped(smallest.machines)} machines`,
    measured: `${own.toFixed(2)} ms`,
    against: `${least.toFixed(2)} ms`,
    ratio: own / least,
  }
}
