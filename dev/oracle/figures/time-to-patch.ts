import { isOpenAt, type Ledger } from '../ledger.ts'
import type { TrueInterval } from '../machine-ledger.ts'
import { ageOf } from '../points.ts'
import type { Question } from '../question.ts'
import { DAY_MS, daysBetween, type Resolved } from '../words.ts'
import type { Look } from '../look.ts'

/** The last day of each cell of the histogram; one more holds what took longer. */
const CELLS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 21, 30, 45, 60, 90, 180, 365]

/** A stretch of looks, from an instant (ms) to a look. */
interface Stretch {
  from: number
  to: Look
}

/** Days of exposure of what ended as `reason` in the stretch, what is older and still open, and the share installed within `days`. */
export function timeToPatchFigures(intervals: readonly TrueInterval[], { from, to }: Stretch, reason: Resolved, days: number) {
  const ended = intervals.filter(({ end }) => end?.reason === reason && end.look.at >= from && end.look.at <= to.at)
  const took = ended.map(({ exposure, end }) => daysBetween(exposure.since.at, end?.look.at ?? 0)).sort((a, b) => a - b)
  const open = intervals.filter((interval) => isOpenAt(interval, to)).map((interval) => ageOf(interval, to))
  const percentile = (share: number) => took[Math.max(1, Math.ceil(share * took.length)) - 1] ?? null
  const older = (age: number | null) => (age === null ? 0 : open.filter((one) => one > age).length)
  const [p50, p90] = [percentile(0.5), percentile(0.9)]
  const lows = [0, ...CELLS.map((last) => last + 1)]
  return {
    n: took.length,
    ...{ p50, p75: percentile(0.75), p90, p95: percentile(0.95) },
    histogram: lows.map((low, index) => {
      const high = CELLS[index] ?? null
      return { from: low, to: high, count: took.filter((one) => one >= low && one <= (high ?? Infinity)).length }
    }),
    stillMissing: { n: open.length, over: { p50: older(p50), p90: older(p90) } },
    installedWithin: installedWithin(intervals, { from, to }, days),
  }
}

/** Each exposure once, by its last interval: one that was handed on, and one that another took over by then, is not the last. */
function installedWithin(intervals: readonly TrueInterval[], { from, to }: Stretch, days: number) {
  const figure = { days, exposures: 0, installed: 0, installedAtLeast: 0 }
  const leftOut: Record<string, number> = {}
  for (const interval of intervals) {
    const { opened, exposure, takenOver } = interval
    const end = interval.end && interval.end.look.at <= to.at ? interval.end : undefined
    const isDue = exposure.since.at >= from && daysBetween(exposure.since.at, to.at) >= days
    const wentOn = end?.stillExposed === true || (takenOver !== undefined && takenOver.at <= to.at)
    if (opened.at > to.at || !isDue || wentOn) continue
    const isInTime = end !== undefined && daysBetween(exposure.since.at, end.look.at) <= days
    const name = end?.reason === 'superseded' ? 'supersededUnclear' : end?.reason
    if (isInTime && name !== undefined && ['removed', 'excluded', 'upgraded', 'supersededUnclear'].includes(name)) {
      leftOut[name] = (leftOut[name] ?? 0) + 1
      continue
    }
    figure.exposures++
    if (isInTime && name === 'installed') {
      figure.installed++
      if (exposure.atLeast) figure.installedAtLeast++
    }
  }
  return { ...figure, share: figure.exposures > 0 ? figure.installed / figure.exposures : null, leftOut }
}

const STANDARD_DAYS = 30
const QUARTER = 90 * DAY_MS

/** Over all history, over the newest 90 days, of each group, and within fewer days. */
export function timeToPatchQuestions(ledger: Ledger): Question[] {
  const { first, last } = ledger
  const all = ledger.intervals()
  const intervals = all.map(({ interval }) => interval)
  const whole = { from: first.at, to: last }
  const from = `from=${first.snapshotId}`
  const ask = (query: string, of: readonly TrueInterval[], stretch: Stretch, reason: Resolved = 'installed', days = STANDARD_DAYS) => ({
    path: `/api/time-to-patch?${query}`,
    expected: { reason, ...timeToPatchFigures(of, stretch, reason, days) },
  })
  const groups = [
    ...new Set([...ledger.machines.values()].filter(({ intervals: own }) => own.length > 0).map(({ listed }) => listed.group)),
  ]
  return [
    ask('', intervals, { from: last.at - QUARTER, to: last }),
    ask(from, intervals, whole),
    ask(`${from}&days=14`, intervals, whole, 'installed', 14),
    ...(['superseded', 'silent', 'upgraded', 'removed'] as const).map((reason) =>
      ask(`${from}&reason=${reason}`, intervals, whole, reason),
    ),
    ...groups.map((group) => {
      const own = all.filter(({ machine }) => machine.listed.group === group).map(({ interval }) => interval)
      return ask(`${from}&rbacGroup=${encodeURIComponent(group ?? '')}`, own, whole)
    }),
  ]
}

/** Up to a look of the past: what came to pass since must not show. */
export function earlierTimeToPatchQuestions(ledger: Ledger, from: Look, to: Look): Question[] {
  const intervals = ledger.intervals().map(({ interval }) => interval)
  return (['installed', 'reassessed'] as const).map((reason) => ({
    path: `/api/time-to-patch?from=${from.snapshotId}&to=${to.snapshotId}&reason=${reason}&days=21`,
    expected: { reason, ...timeToPatchFigures(intervals, { from: from.at, to }, reason, 21) },
  }))
}
