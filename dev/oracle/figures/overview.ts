import type { Ledger } from '../ledger.ts'
import type { TruePoint, TruePoints } from '../points.ts'
import type { Question } from '../question.ts'
import { DAY_MS, instantOf, sum } from '../words.ts'
import { cohortOf, newestCohorts } from './cohorts.ts'
import { kbIdsOf } from './kbs.ts'
import { oldest, topFigures, unknown } from './machines.ts'
import { timeToPatchFigures } from './time-to-patch.ts'
import { groupKeysOf, pointFigures, standingFigures, statusOf } from './trends.ts'

const QUARTER = 90 * DAY_MS

/** Everything at a glance, as of the newest look. */
export function overviewFigures(ledger: Ledger, points: readonly TruePoints[]) {
  const { last } = ledger
  const recent = points.filter(({ look }) => look.at >= last.at - QUARTER).map(({ fleet }) => fleet)
  const now = recent.at(-1)
  const intervals = ledger.intervals().map(({ interval }) => interval)
  return {
    asOf: { snapshotId: last.snapshotId },
    ...(now && standingOfFleet(ledger, now, recent.at(-2))),
    timeToPatch: timeToPatchFigures(intervals, { from: last.at - QUARTER, to: last }, 'installed', 30),
    trend: { points: recent.map((point) => ({ ...pointFigures(point), status: statusOf(point) })) },
    cohorts: newestCohorts(ledger, 4),
    groups: groupsNow(points),
    worstKbs: worstKbs(ledger).slice(0, 10),
    oldestMachines: oldest(ledger)
      .slice(0, 10)
      .map(({ machineId, machine }) => topFigures(machineId, machine, last)),
    unknown: {
      count: unknown(ledger).length,
      sample: unknown(ledger)
        .slice(0, 5)
        .map(({ machineId, machine }) => topFigures(machineId, machine, last)),
    },
  }
}

export const overviewQuestions = (ledger: Ledger, points: readonly TruePoints[]): Question[] => [
  { path: '/api/overview', expected: overviewFigures(ledger, points) },
  { path: '/api/status', expected: { asOf: { snapshotId: ledger.last.snapshotId } } },
]

function standingOfFleet(ledger: Ledger, now: TruePoint, before: TruePoint | undefined) {
  const totals = {
    pairs: sum(now.pairs),
    atLeast: sum(now.pairsAtLeast),
    ages: now.pairs,
    machines: sum(now.machines),
    kbs: worstKbs(ledger).length,
  }
  const { appeared, resolved } = now
  return {
    totals,
    flows: { appeared, resolved },
    ...(before && {
      comparedWith: { snapshotId: before.look.snapshotId, startedAt: instantOf(before.look.at) },
      delta: { pairs: totals.pairs - sum(before.pairs), machines: totals.machines - sum(before.machines) },
    }),
  }
}

/** KBs by the machines that miss them; what is alike goes by id. */
function worstKbs(ledger: Ledger) {
  const open = ledger.intervals().filter(({ interval }) => !interval.end)
  const counted = kbIdsOf(ledger).map((kbId) => ({
    kbId,
    kbName: ledger.kb(kbId).name,
    cohort: cohortOf(ledger.kb(kbId).name),
    machinesMissing: open.filter(({ interval }) => interval.kbId === kbId).length,
  }))
  return counted
    .filter(({ machinesMissing }) => machinesMissing > 0)
    .sort((a, b) => b.machinesMissing - a.machinesMissing || (a.kbId < b.kbId ? -1 : 1))
}

function groupsNow(points: readonly TruePoints[]) {
  const now = points.at(-1)
  if (!now) return []
  const groups = groupKeysOf([now], 'rbacGroup').flatMap((key) => {
    const point = now.groups.rbacGroup.get(key)
    return point ? [{ key, point }] : []
  })
  return groups
    .sort((a, b) => sum(b.point.pairs) - sum(a.point.pairs) || b.point.asked - a.point.asked)
    .map(({ key, point }) => ({ key, ...standingFigures(point) }))
}
