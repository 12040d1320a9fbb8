/** What one settled machine adds to a snapshot's running counters. */
export interface Tally {
  observed: number
  unknown: number
  skipped: number
  removed: number
  notListed: number
}

const NOTHING: Tally = { observed: 0, unknown: 0, skipped: 0, removed: 0, notListed: 0 }

export const tallyOf = (settled: Partial<Tally>): Tally => ({ ...NOTHING, ...settled })

export function addTally(one: Readonly<Tally>, other: Readonly<Tally>): Tally {
  return {
    observed: one.observed + other.observed,
    unknown: one.unknown + other.unknown,
    skipped: one.skipped + other.skipped,
    removed: one.removed + other.removed,
    notListed: one.notListed + other.notListed,
  }
}
