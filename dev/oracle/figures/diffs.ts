import type { Ledger } from '../ledger.ts'
import type { TrueInterval } from '../machine-ledger.ts'
import type { Question } from '../question.ts'
import type { Sight } from '../sight.ts'
import { daysBetween, instantOf } from '../words.ts'
import type { Look } from '../look.ts'
import { exposureFigures, kbFigures } from './exposure.ts'

interface TrueChange {
  machineId: string
  interval: TrueInterval
  change: 'appeared' | 'resolved'
  look: Look
  /** The pair's next change, or the end of the diff. */
  until: Look
  sight: Sight
}

/** The changes in (from, to], by machine, KB and time. */
function eventsOf(ledger: Ledger, from: Look, to: Look): TrueChange[] {
  const isWithin = ({ at }: Look) => at > from.at && at <= to.at
  const events = ledger.intervals().flatMap(({ machineId, interval }): TrueChange[] => {
    const { opened, end, openedOn, endedOn = openedOn } = interval
    const until = end && end.look.at <= to.at ? end.look : to
    return [
      ...(isWithin(opened) ? [{ machineId, interval, change: 'appeared' as const, look: opened, until, sight: openedOn }] : []),
      ...(end && isWithin(end.look)
        ? [{ machineId, interval, change: 'resolved' as const, look: end.look, until: to, sight: endedOn }]
        : []),
    ]
  })
  return events.sort(inOrder)
}

const pairOf = ({ machineId, interval }: TrueChange) => `${machineId} ${interval.kbId}`

function inOrder(a: TrueChange, b: TrueChange): number {
  return pairOf(a) < pairOf(b) ? -1 : pairOf(a) > pairOf(b) ? 1 : a.look.at - b.look.at
}

/** Of each pair that ends otherwise than it began, the last change. */
function netOf(events: readonly TrueChange[], to: Look): TrueChange[] {
  const pairs = new Map<string, TrueChange[]>()
  for (const event of events) pairs.set(pairOf(event), [...(pairs.get(pairOf(event)) ?? []), event])
  return [...pairs.values()].flatMap((own) => {
    const last = own.at(-1)
    return last && own[0]?.change === last.change ? [{ ...last, until: to }] : []
  })
}

export type Mode = 'net' | 'events'

const changesOf = (ledger: Ledger, from: Look, to: Look, mode: Mode): TrueChange[] =>
  mode === 'events' ? eventsOf(ledger, from, to) : netOf(eventsOf(ledger, from, to), to)

function changeFigures(ledger: Ledger, { machineId, interval, change, look, until, sight }: TrueChange) {
  const { kbId, end, opened, reason, exposure } = interval
  const isResolved = change === 'resolved'
  const upTo = isResolved ? look : until
  return {
    machineId,
    computerDnsName: sight.name,
    osPlatform: sight.osPlatform,
    rbacGroupName: sight.group,
    ...kbFigures(kbId, ledger),
    change,
    reason: isResolved ? end?.reason : reason,
    replacedBy: isResolved && end && end.replacedBy.length > 0 ? end.replacedBy : undefined,
    snapshotId: look.snapshotId,
    at: instantOf(look.at),
    firstMissingAt: instantOf(opened.at),
    lastMissingAt: isResolved && end ? instantOf(end.lastMissing.at) : undefined,
    daysMissing: daysBetween(opened.at, upTo.at),
    ...exposureFigures(exposure, upTo.at),
    stillExposed: isResolved ? (end?.stillExposed ?? null) : true,
  }
}

function countsOf(changes: readonly TrueChange[]) {
  const resolved = changes.filter(({ change }) => change === 'resolved')
  return {
    appeared: changes.length - resolved.length,
    resolved: resolved.length,
    installed: resolved.filter(({ interval }) => interval.end?.reason === 'installed').length,
    stillExposed: resolved.filter(({ interval }) => interval.end?.stillExposed === true).length,
    machines: new Set(changes.map(({ machineId }) => machineId)).size,
    kbs: new Set(changes.map(({ interval }) => interval.kbId)).size,
  }
}

const KEY_OF = {
  reason: ({ change, interval }: TrueChange) => (change === 'resolved' ? (interval.end?.reason ?? null) : interval.reason),
  kb: ({ interval }: TrueChange) => interval.kbId,
  machine: ({ machineId }: TrueChange) => machineId,
  rbacGroup: ({ sight }: TrueChange) => sight.group,
  osPlatform: ({ sight }: TrueChange) => sight.osPlatform,
} satisfies Record<string, (change: TrueChange) => string | null>

/** Groups by what their changes have in common, the largest first. */
function groupsOf(changes: readonly TrueChange[], groupBy: keyof typeof KEY_OF) {
  const groups = new Map<string | null, TrueChange[]>()
  for (const change of changes) groups.set(KEY_OF[groupBy](change), [...(groups.get(KEY_OF[groupBy](change)) ?? []), change])
  const counted = [...groups].map(([key, own]) => ({ key, ...countsOf(own) }))
  return counted.sort(
    (a, b) => b.appeared + b.resolved - a.appeared - a.resolved || (JSON.stringify([a.key]) < JSON.stringify([b.key]) ? -1 : 1),
  )
}

/** What changed between two looks: row by row, and counted in every way. */
export function diffQuestions(ledger: Ledger, from: Look, to: Look, mode: Mode): Question[] {
  const changes = changesOf(ledger, from, to, mode)
  const ends = `from=${from.snapshotId}&to=${to.snapshotId}&mode=${mode}`
  const rows = changes.map((change) => changeFigures(ledger, change))
  const totals = countsOf(changes)
  const groupings = Object.keys(KEY_OF) as (keyof typeof KEY_OF)[]
  return [
    { path: `/api/diffs?${ends}&limit=10000`, expected: { changes: rows.slice(0, 10_000) } },
    ...groupings.map((groupBy) => ({
      path: `/api/diffs/summary?${ends}&groupBy=${groupBy}`,
      expected: { totals, groups: groupsOf(changes, groupBy) },
    })),
  ]
}

/** A filtered diff is the diff, filtered: by everything by which it can be. */
export function filteredDiffQuestions(ledger: Ledger, from: Look, to: Look): Question[] {
  const changes = changesOf(ledger, from, to, 'events')
  const ask = (query: string, passes: (change: TrueChange) => boolean) => ({
    path: `/api/diffs?from=${from.snapshotId}&to=${to.snapshotId}&mode=events&limit=10000&${query}`,
    expected: { changes: changes.filter(passes).map((change) => changeFigures(ledger, change)) },
  })
  const reasonOf = KEY_OF.reason
  const one = changes[Math.floor(changes.length / 2)]
  return [
    ask('change=resolved', ({ change }) => change === 'resolved'),
    ask('reason=installed', (change) => reasonOf(change) === 'installed'),
    ask('reason=superseded&reason=upgraded', (change) => ['superseded', 'upgraded'].includes(reasonOf(change) ?? '')),
    ask('rbacGroup=Workstations', ({ sight }) => sight.group === 'Workstations'),
    ask('rbacGroup=', ({ sight }) => sight.group === null),
    ask('osPlatform=Windows11', ({ sight }) => sight.osPlatform === 'Windows11'),
    ask('q=SRV-', ({ sight }) => sight.name?.startsWith('srv-') === true),
    ...(one
      ? [
          ask(`machineId=${one.machineId}`, ({ machineId }) => machineId === one.machineId),
          ask(`kbId=${one.interval.kbId}`, ({ interval }) => interval.kbId === one.interval.kbId),
        ]
      : []),
  ]
}
