/** The parts of a snapshot, in order. What each does is in `src/sync/phases/`. */
export const PHASES = ['listing', 'reading', 'observing', 'retrying', 'closing', 'totals', 'ended'] as const
export type PhaseName = (typeof PHASES)[number]

/** Whether all machines are listed. None is settled before, and how many there are to be asked is not known. */
export const isListed = (phase: PhaseName): boolean => phase !== 'listing'
