import type { PhaseName } from '../../domain/index.ts'
import { closing } from './closing.ts'
import { listing } from './listing.ts'
import { observing } from './observing.ts'
import type { Phase } from './phase.ts'
import { reading } from './reading.ts'
import { retrying } from './retrying.ts'
import { totals } from './totals.ts'

export type { Phase } from './phase.ts'

/** What each phase does, in the order of a snapshot. */
const RECIPE: Readonly<Record<Exclude<PhaseName, 'ended'>, Phase>> = { listing, reading, observing, retrying, closing, totals }

/** The phase of a name; undefined when the snapshot has ended. */
export const phaseOf = (name: PhaseName): Phase | undefined => (name === 'ended' ? undefined : RECIPE[name])
