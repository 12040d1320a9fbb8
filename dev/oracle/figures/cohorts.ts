import { isOpenAt, type Ledger } from '../ledger.ts'
import type { TrueInterval } from '../machine-ledger.ts'
import type { Question } from '../question.ts'
import { countBy, daysBetween, instantOf, type Resolved, RESOLVED } from '../words.ts'
import type { Look } from '../look.ts'
import { kbCountFigures, kbIdsOf } from './kbs.ts'

const MONTHS = 'January February March April May June July August September October November December'.split(' ')

/** The month in a KB's name: `May 2026 Security Updates` -> `202605`. Every KB of the catalogue has one. */
export function cohortOf(name: string): string {
  const [month = '', year = ''] = name.split(' ')
  return `${year}${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}`
}

/** The second Tuesday of a month, at 10:00 in Redmond. */
function patchTuesdayOf(month: string): number {
  const first = Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4)) - 1, 1, 17)
  const weekday = new Date(first).getUTCDay()
  return first + (((2 - weekday + 7) % 7) + 7) * 86_400_000
}

/** What became of pairs by a look: each counts by its last interval. */
function outcomesAt(own: readonly { machineId: string; interval: TrueInterval }[], look: Look) {
  const pairs = new Map<string, TrueInterval>()
  for (const { machineId, interval } of own) if (interval.opened.at <= look.at) pairs.set(`${machineId} ${interval.kbId}`, interval)
  const all = [...pairs.values()]
  const missing = all.filter((interval) => isOpenAt(interval, look))
  const ended = all.filter((interval) => !isOpenAt(interval, look)).flatMap(({ end }): Resolved[] => (end ? [end.reason] : []))
  return { opened: all.length, missing: missing.length, ...countBy(RESOLVED, ended) }
}

/** A cohort up to the newest look, a point a day. */
export function cohortFigures(ledger: Ledger, cohort: string) {
  const own = ledger.intervals().filter(({ interval }) => cohortOf(ledger.kb(interval.kbId).name) === cohort)
  const patchTuesday = patchTuesdayOf(cohort)
  const points = lastOfDays(ledger.looks).flatMap((look) => {
    const seen = own.filter(({ interval }) => interval.opened.at <= look.at)
    if (seen.length === 0) return []
    const kbs = new Set(seen.map(({ interval }) => interval.kbId)).size
    return [{ at: instantOf(look.at), day: daysBetween(patchTuesday, look.at), kbs, ...outcomesAt(own, look) }]
  })
  const daysTo = (part: number) => points.find(({ opened, installed }) => opened > 0 && installed >= part * opened)?.day ?? null
  const last = points.at(-1)
  return {
    cohort,
    patchTuesday: instantOf(patchTuesday),
    opened: last?.opened,
    kbs: last?.kbs,
    daysToHalf: daysTo(0.5),
    daysToNineTenths: daysTo(0.9),
    points,
  }
}

const lastOfDays = (looks: readonly Look[]): Look[] =>
  looks.filter(({ snapshotId }, index) => looks[index + 1]?.snapshotId.slice(0, 8) !== snapshotId.slice(0, 8))

/** The newest cohorts, of so many months up to that of the last Patch Tuesday. */
export function newestCohorts(ledger: Ledger, months: number) {
  const known = [...new Set(kbIdsOf(ledger).map((kbId) => cohortOf(ledger.kb(kbId).name)))].sort().reverse()
  const month = (ago: number) => new Date(Date.UTC(2026, 0 - ago, 1)).toISOString().slice(0, 7).replace('-', '')
  const { at } = ledger.last
  const ages = Array.from({ length: 60 }, (_, index) => month(24 - index)).filter((one) => patchTuesdayOf(one) <= at)
  const oldest = ages.at(-months) ?? ''
  return known
    .filter((cohort) => cohort >= oldest)
    .slice(0, months)
    .map((cohort) => cohortFigures(ledger, cohort))
}

const STANDARD_MONTHS = 6

export function cohortQuestions(ledger: Ledger): Question[] {
  const cohorts = newestCohorts(ledger, STANDARD_MONTHS)
  return [
    { path: '/api/cohorts', expected: { asOf: { snapshotId: ledger.last.snapshotId }, cohorts } },
    ...cohorts.map((cohort) => ({ path: `/api/cohorts/${cohort.cohort}`, expected: cohort })),
  ]
}

/** One KB: what became of it, and over time. */
export function kbQuestions(ledger: Ledger, kbId: string): Question[] {
  const own = ledger.intervals().filter(({ interval }) => interval.kbId === kbId)
  const points = ledger.looks.flatMap((look) => {
    const appeared = own.filter(({ interval }) => interval.opened === look).length
    const resolved = own.flatMap(({ interval: { end } }): Resolved[] => (end?.look === look ? [end.reason] : []))
    if (appeared + resolved.length === 0) return []
    const cumulative = outcomesAt(own, look)
    const { snapshotId, at } = look
    return [{ snapshotId, at: instantOf(at), missing: cumulative.missing, appeared, resolved: countBy(RESOLVED, resolved), cumulative }]
  })
  const cohort = cohortOf(ledger.kb(kbId).name)
  const { first, last } = ledger
  return [
    { path: `/api/kbs/${kbId}`, expected: { ...kbCountFigures(ledger, kbId), cohort, outcomes: outcomesAt(own, last) } },
    { path: `/api/kbs/${kbId}/trend?from=${first.snapshotId}`, expected: { kbId, points } },
  ]
}
