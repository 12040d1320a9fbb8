import { grouped } from '../start/text.ts'
import { startBenchWorld } from './bench-world.ts'
import type { Figure, Report } from './figure.ts'
import { peakOf } from './peak.ts'
import { takeCompleted } from './unchanged.ts'

const FLEETS = [1_000, 10_000, 100_000] as const

interface Taken {
  machines: number
  /** Milliseconds. */
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
  const figures = larger.flatMap((fleet) => (['firstSeen', 'unchanged'] as const).map((kind) => perMachine(kind, fleet, smallest)))
  return [...figures, ...taken.map(({ peak }) => peak)]
}

async function takeBoth(fleet: number, report: Report): Promise<Taken> {
  report(`${grouped(fleet)} machines: a first snapshot, then an unchanged one`)
  const world = await startBenchWorld({ machines: fleet, latencyMs: 0 })
  try {
    const firstSeen = await takeCompleted(world)
    const unchanged = await takeCompleted(world)
    const { length: machines } = await world.machines()
    return { machines, firstSeen, unchanged, peak: await peakOf(world.worker, `of both over ${grouped(machines)} machines`) }
  } finally {
    await world.close()
  }
}

function perMachine(kind: 'firstSeen' | 'unchanged', fleet: Taken, smallest: Taken): Figure {
  const of = (taken: Taken) => taken[kind] / taken.machines
  const shown = (taken: Taken) => `${of(taken).toFixed(2)} ms`
  const snapshot = kind === 'firstSeen' ? 'first snapshot' : 'unchanged snapshot'
  return {
    what: `${snapshot} of ${grouped(fleet.machines)} machines, time per machine, against ${grouped(smallest.machines)} machines`,
    measured: shown(fleet),
    against: shown(smallest),
    ratio: of(fleet) / of(smallest),
    target: '',
  }
}
