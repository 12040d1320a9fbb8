import { byText } from './by-text.ts'
import { dayOf } from './day-point.ts'
import { groupBy } from './group-by.ts'
import { type Flows, type GroupPoint, NO_FLOWS, NO_STANDINGS, type Standings, sumFlows } from './trend.ts'

/** Groups that are counted one by one; of more, all others are one. */
export const MOST_GROUPS = 500
export const OTHER_GROUPS = '(others)'

/** The points that a snapshot leaves of its groups, by period. */
export interface GroupPoints {
  snapshot: GroupPoint[]
  day: GroupPoint[]
  month: GroupPoint[]
}

/** What the snapshots before it in the same day, and the days before it in the same month, left. */
export interface EarlierGroups {
  ofDay: readonly GroupPoint[]
  ofMonth: readonly GroupPoint[]
}

/**
 * Points of the groups at a snapshot's end: what machines stand at now, with the flows of the period so far. A group that has no machine any
 * more stands at nothing, for the rest of the period.
 */
export function groupPoints(
  counted: ReadonlyMap<string | null, Standings & Flows>,
  { ofDay, ofMonth }: EarlierGroups,
  snapshotId: string,
): GroupPoints {
  const now: Located = { counted, snapshotId }
  const day = dayOf(snapshotId)
  return {
    snapshot: pointsOf(now, snapshotId, []),
    day: pointsOf(now, day, ofDay),
    month: pointsOf(now, day.slice(0, 6), [...ofMonth, ...ofDay]),
  }
}

interface Located {
  counted: ReadonlyMap<string | null, Standings & Flows>
  snapshotId: string
}

function pointsOf({ counted, snapshotId }: Located, period: string, earlier: readonly GroupPoint[]): GroupPoint[] {
  const before = groupBy(earlier, ({ group }) => group)
  const groups = new Set([...counted.keys(), ...before.keys()])
  return [...groups]
    .sort((a, b) => byText(a ?? '', b ?? ''))
    .map((group) => {
      const own = counted.get(group)
      const flows = sumFlows([own ?? NO_FLOWS, ...(before.get(group) ?? [])])
      return { group, snapshotId, period, ...standingsOf(own ?? NO_STANDINGS), ...flows }
    })
}

function standingsOf({
  machines,
  observed,
  silent,
  unknown,
  pairs,
  pairsAtLeast,
  machinesByAge,
  exposed,
  deadlines,
}: Standings): Standings {
  return { machines, observed, silent, unknown, pairs, pairsAtLeast, machinesByAge, exposed, deadlines }
}
