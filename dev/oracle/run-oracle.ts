import { cohortQuestions, kbQuestions } from './figures/cohorts.ts'
import { diffQuestions, filteredDiffQuestions } from './figures/diffs.ts'
import { kbIdsOf, kbMachinesQuestion, kbsQuestion } from './figures/kbs.ts'
import { machinesQuestions } from './figures/machines.ts'
import { machineQuestions } from './figures/one-machine.ts'
import { overviewQuestions } from './figures/overview.ts'
import { searchQuestions } from './figures/search.ts'
import { snapshotQuestions } from './figures/snapshot.ts'
import { earlierTimeToPatchQuestions, timeToPatchQuestions } from './figures/time-to-patch.ts'
import { earlierTrendQuestions, groupQuestions, trendQuestions } from './figures/trends.ts'
import { Judgement, type LateDifference } from './judgement.ts'
import { Ledger } from './ledger.ts'
import { planLooks } from './plan.ts'
import { pointsOfLast, type TruePoints } from './points.ts'
import type { Question } from './question.ts'
import { Sights } from './sight.ts'
import { unwitnessed } from './story-witness.ts'
import { OracleWorld } from './world.ts'

export interface OracleRun {
  differences: readonly LateDifference[]
  /** How many answers were compared. */
  questions: number
  /** Ends in the oracle's own books that no fact of the simulated world bears out. */
  unwitnessed: string[]
  ledger: Ledger
}

/** Plays a fleet through its weeks, and compares what the program answers with what it must. */
export async function runOracle({ seed, weeks, machines }: { seed: number; weeks: number; machines: number }): Promise<OracleRun> {
  const world = await OracleWorld.start({ seed, machines })
  try {
    const ledger = new Ledger(new Sights(world.simulator))
    const points: TruePoints[] = []
    const judgement = new Judgement()
    for (const planned of planLooks(seed, weeks)) {
      ledger.add(await world.take(planned))
      points.push(pointsOfLast(ledger))
      await judgement.ask(world.app, questionsOfLook(ledger, points), ledger.last)
    }
    await judgement.ask(world.app, questionsOfEnd(ledger, points), ledger.last)
    const { differences, questions } = judgement
    return { differences, questions, unwitnessed: unwitnessed(ledger, world.simulator), ledger }
  } finally {
    await world.close()
  }
}

/** What is as of the newest snapshot. */
function questionsOfLook(ledger: Ledger, points: readonly TruePoints[]): Question[] {
  const before = ledger.looks.at(-2)
  return [
    ...snapshotQuestions(ledger),
    ...machinesQuestions(ledger),
    kbsQuestion(ledger),
    ...searchQuestions(ledger),
    ...overviewQuestions(ledger, points),
    ...trendQuestions(ledger, points),
    ...groupQuestions(points),
    ...cohortQuestions(ledger),
    ...timeToPatchQuestions(ledger),
    ...(before ? diffQuestions(ledger, before, ledger.last, 'events') : []),
  ]
}

/** What was at any time. */
function questionsOfEnd(ledger: Ledger, points: readonly TruePoints[]): Question[] {
  const { first, last, looks } = ledger
  const middle = looks[Math.floor(looks.length / 2)] ?? first
  const early = looks[Math.floor(looks.length / 4)] ?? first
  const ranges = [[first, last] as const, [first, middle] as const, [middle, last] as const]
  return [
    ...ranges.flatMap(([from, to]) => (['net', 'events'] as const).flatMap((mode) => diffQuestions(ledger, from, to, mode))),
    ...filteredDiffQuestions(ledger, first, last),
    ...[first, early].flatMap((from) => [
      ...earlierTrendQuestions(points, from, middle),
      ...earlierTimeToPatchQuestions(ledger, from, middle),
    ]),
    ...kbIdsOf(ledger).flatMap((kbId) => [kbMachinesQuestion(ledger, kbId), ...kbQuestions(ledger, kbId)]),
    ...[...ledger.machines].flatMap(([machineId, machine]) => machineQuestions(ledger, machineId, machine)),
  ]
}
