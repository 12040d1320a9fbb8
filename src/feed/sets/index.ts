import { changes } from './changes.ts'
import { gaps } from './gaps.ts'
import { kbTotals } from './kb-totals.ts'
import { kbs } from './kbs.ts'
import { machines } from './machines.ts'
import { missingKbs } from './missing-kbs.ts'
import { snapshots } from './snapshots.ts'
import type { FeedSet } from './view.ts'

/** How each entity set is read. */
export const feedSets: readonly FeedSet[] = [snapshots, machines, kbs, missingKbs, changes, kbTotals, gaps]

export { openScan } from './open-scan.ts'
export { type FeedSet, openView, type View } from './view.ts'
