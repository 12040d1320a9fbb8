import type { z } from 'zod'
import type { overviewRoute } from '../../src/http/routes/overview.ts'
import type { timeToPatchRoute } from '../../src/http/routes/time-to-patch.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import { byReason, meaningOf, type ReasonCounts } from './report-tables.ts'
import { counted, grouped, percent, textTable, type TextTable } from './text.ts'

type Speed = Pick<z.output<(typeof timeToPatchRoute)['responses'][200]>, 'n' | 'p50' | 'p90' | 'resolutionDays' | 'installedWithin'>
type Totals = z.output<(typeof overviewRoute)['responses'][200]>['totals']

interface Line {
  count: number
  what: string
  means: string
}

/** What appeared, and what became of it: every line below the first is a part of the first, and all of them add up. */
export function accountTable(reasons: readonly ReasonCounts[], totals: Totals, width: number): TextTable {
  const sorted = reasons.toSorted(byReason)
  const appeared = sorted.filter((reason) => reason.appeared > 0)
  const resolved = sorted.filter((reason) => reason.resolved > 0)
  const lines: Line[] = [
    { count: sumOf(appeared.map((reason) => reason.appeared)), what: 'appeared', means: appeared.map(partOf).join(', ') },
    ...resolved.map((reason) => ({ count: reason.resolved, what: reason.key, means: meaningOf(reason) })),
    { count: totals.pairs, what: 'still missing', means: stillMissing(totals) },
  ]
  return textTable(
    [
      { title: 'missing KBs', right: true, of: ({ count }) => grouped(count) },
      { title: '', of: ({ what }) => what },
      { title: '', of: ({ means }) => means },
    ],
    lines,
    width,
  )
}

const partOf = ({ key, appeared }: ReasonCounts): string => `${grouped(appeared)} ${key}`

/** The first two ages are those up to 30 days. */
function stillMissing({ machines, ages }: Totals): string {
  const old = sumOf((ages ?? []).slice(2))
  return `on ${counted(machines, 'machine')}${old > 0 ? `; ${grouped(old)} for over 30 days` : ''}`
}

/** Whose clean bill is none: an empty answer of theirs says nothing. Empty where there are none. */
export function unassessedInWords({ machines: { silent, unknown } }: Pick<SnapshotShape, 'machines'>): string {
  const parts = [
    ...(silent ? [`${counted(silent, 'machine')} silent for over 30 days`] : []),
    ...(unknown > 0 ? [`${counted(unknown, 'machine')} unknown`] : []),
  ]
  return parts.length === 0 ? '' : `Not assessed: ${parts.join(', ')}. What they miss is not known.`
}

/** How much was patched in time, of what could have been by now, and how long the patched took. Empty where there is nothing to tell. */
export function speedInWords({ n, p50, p90, resolutionDays, installedWithin }: Speed): string[] {
  const { days, exposures, installed, share, leftOut } = installedWithin
  const out = sumOf(Object.values(leftOut).map((count = 0) => count))
  const ended = `${grouped(installed)} of ${counted(exposures, 'exposure')} ended as installed within ${counted(days, 'day')}`
  const inTime = `${ended}: ${percent(share ?? 0)}${out > 0 ? `; ${grouped(out)} left out` : ''}`
  const ofAll = `half of all that was installed took up to ${counted(p50 ?? 0, 'day')}, nine tenths up to ${grouped(p90 ?? 0)}`
  return [...(share === null ? [] : [inTime]), ...(n === 0 ? [] : [`${ofAll} (± ${resolutionDays})`])]
}

/** How many more than those shown are exposed for as long as the last of these; empty where it is the last. */
export function asLongInWords(machines: readonly { daysExposed?: number | undefined }[], shown: number, complete: boolean): string {
  const isAsLong = ({ daysExposed }: { daysExposed?: number | undefined }) => daysExposed === machines[shown - 1]?.daysExposed
  const others = machines.slice(shown).filter(isAsLong).length
  if (others === 0) return ''
  const isCutOff = !complete && machines.slice(-1).some(isAsLong)
  return `and ${isCutOff ? 'at least ' : ''}${grouped(others)} more for as long`
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)
