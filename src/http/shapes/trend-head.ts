import { z } from 'zod'
import { snapshotStartAt, type TenantState } from '../../domain/index.ts'
import { instant } from './values.ts'

/** Stands beside figures that were counted at the ends of snapshots. */
export const completeShape = {
  complete: z
    .boolean()
    .describe(
      'Whether the figures of all snapshots are there; false while those that ended before the app counted them are being derived.',
    ),
}

export const toComplete = ({ trendsDerived }: Pick<TenantState, 'trendsDerived'>) => ({ complete: trendsDerived })

/** Stands beside figures of groups. */
export const sinceShape = { since: instant.optional().describe('Since when groups are counted: what a group was before is not known.') }

export const toSince = ({ trendsSince }: Pick<TenantState, 'trendsSince'>) =>
  trendsSince === null ? {} : { since: snapshotStartAt(trendsSince) }
