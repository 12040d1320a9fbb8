import { daysMissing } from './days-missing.ts'
import { type Ending, ENDINGS, MEANING_FOR_SPEED } from './ending.ts'
import { listExposures } from './exposure-counts.ts'
import type { Flows, Standings } from './trend.ts'

/** Of all exposures that began at least N days ago, how many were installed within N days, and what is on neither side. */
export interface InstalledWithin {
  days: number
  /** Exposures on both sides of the share, each counted by its last interval. */
  exposures: number
  installed: number
  /** Of those installed, the ones whose exposure may have begun before: some of them may have taken longer. */
  installedAtLeast: number
  /** They ended within N days by what says nothing of patching, by how. */
  leftOut: Partial<Record<Ending, number>>
}

/**
 * The figure of speed at the end of a snapshot: of exposures that are open then, and of those that ended in the flows up to then. Flows
 * that begin with history make it one of every exposure there was; of flows that begin later, only what began with them, or after
 * (`since`, the id of a snapshot), is told whole.
 */
export function installedWithin(
  days: number,
  at: Pick<Standings, 'exposed'> & { snapshotId: string },
  flows: readonly Pick<Flows, 'ended' | 'takenOver' | 'installedAtLeast'>[],
  since = '',
): InstalledWithin {
  const figure: InstalledWithin = { days, exposures: 0, installed: 0, installedAtLeast: 0, leftOut: {} }
  const isDue = ({ exposedSince }: { exposedSince: string }) => exposedSince >= since && daysMissing(exposedSince, at.snapshotId) >= days
  for (const open of listExposures(at.exposed).filter(isDue)) figure.exposures += open.count
  for (const { ended, takenOver, installedAtLeast } of flows) {
    for (const ending of ENDINGS) {
      for (const exposure of listExposures(ended[ending]).filter(isDue)) count(figure, ending, exposure)
    }
    // They went on, and are counted by what they came to.
    for (const one of takenOver.filter(isDue)) count(figure, one.ending, { days: one.endedDays, count: -one.count })
    const within = listExposures(installedAtLeast).filter((exposure) => isDue(exposure) && exposure.days <= days)
    for (const exposure of within) figure.installedAtLeast += exposure.count
  }
  return figure
}

function count(figure: InstalledWithin, ending: Ending, ended: { days: number; count: number }): void {
  const meaning = MEANING_FOR_SPEED[ending]
  if (meaning === 'wentOn') return
  const isWithin = ended.days <= figure.days
  if (meaning === 'leftOut' && isWithin) figure.leftOut[ending] = (figure.leftOut[ending] ?? 0) + ended.count
  else figure.exposures += ended.count
  if (meaning === 'installed' && isWithin) figure.installed += ended.count
}
