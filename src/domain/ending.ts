import { type ResolvedReason, RESOLVED_REASONS } from './reasons.ts'

/**
 * How an interval ended, as figures of speed count it: `superseded` is one whose exposure went on with another interval,
 * `supersededUnclear` one of which nothing can be claimed.
 */
export const ENDINGS = [...RESOLVED_REASONS, 'supersededUnclear'] as const
export type Ending = (typeof ENDINGS)[number]

export function endingOf(reason: ResolvedReason, stillExposed: boolean | null): Ending {
  return reason === 'superseded' && stillExposed !== true ? 'supersededUnclear' : reason
}

export const reasonOf = (ending: Ending): ResolvedReason => (ending === 'supersededUnclear' ? 'superseded' : ending)

/** What an ending means for the share of exposures that were installed within N days. */
type MeaningForSpeed =
  | 'installed'
  /** Counts among all, and as not installed. */
  | 'notInstalled'
  /** Of neither side where it came within N days; later, it was not installed within them. */
  | 'leftOut'
  /** The exposure went on: it is counted by its last interval. */
  | 'wentOn'

export const MEANING_FOR_SPEED: Readonly<Record<Ending, MeaningForSpeed>> = {
  installed: 'installed',
  silent: 'notInstalled',
  reassessed: 'notInstalled',
  removed: 'leftOut',
  excluded: 'leftOut',
  upgraded: 'leftOut',
  rebased: 'leftOut',
  supersededUnclear: 'leftOut',
  superseded: 'wentOn',
}
