import { cohorts } from './cohorts.ts'
import { changes } from './changes.ts'
import { gaps } from './gaps.ts'
import { kbTotals } from './kb-totals.ts'
import { kbs } from './kbs.ts'
import { machines } from './machines.ts'
import { missingKbs } from './missing-kbs.ts'
import { snapshots } from './snapshots.ts'
import { tenantDays } from './tenant-days.ts'
import { tenants } from './tenants.ts'
import { trendsByGroup } from './trends-by-group.ts'
import { trends } from './trends.ts'
import type { FeedSet } from './view.ts'

/** How each entity set is read. */
export const feedSets: readonly FeedSet[] = [
  snapshots,
  machines,
  kbs,
  missingKbs,
  changes,
  kbTotals,
  gaps,
  trends,
  trendsByGroup,
  cohorts,
  tenants,
  tenantDays,
]

export { openScan } from './open-scan.ts'
export { type FeedSet, type OpenSet, openSet, type Subject } from './view.ts'
/** What a test reads a set in. @forTests */
export type { View } from './view.ts'
