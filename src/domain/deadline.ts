import { byText } from './by-text.ts'
import { dayAfter, dayOfSnapshot, daysBetween, monthsAfter } from './calendar-day.ts'
import { type CatalogueFacts, factsFor } from './catalogue-facts.ts'
import { firstKbs } from './exposure.ts'
import type { Interval } from './interval.ts'
import { foldedKbId } from './kb-id.ts'
import type { KbFacts, KevEntry } from './kb-facts.ts'
import type { Machine } from './machine.ts'
import type { Policy, PolicyCondition, PolicyRule } from './policy.ts'

/** What of the public facts of a KB decides by when it is due. */
export interface DeadlineFacts extends Pick<CatalogueFacts, 'releasedAt' | 'severity' | 'cvss' | 'exploited'> {
  kev: readonly KevEntry[]
}

/** The facts of a KB over the products that Defender names of it. */
export function deadlineFacts(kb: KbFacts, productsNames: readonly string[]): DeadlineFacts {
  const facts = factsFor(
    kb,
    productsNames.map((product) => ({ product })),
  )
  return { ...facts, kev: kb.exploited.flatMap(({ kev }) => (kev ? [kev] : [])) }
}

/** A pair that is missing. */
export type DuePair = Pick<Interval, 'kbId' | 'appearedSnapshotId' | 'exposedWith'> & {
  exposedSince: string
}

/** What of a machine a rule may ask for. */
export type RuledMachine = Pick<Machine, 'machineTags' | 'rbacGroupName' | 'osPlatform'>

/** By when what a pair lacks has to be there: the last day (UTC) that is in time, and the rule that says so. */
export interface DueDay {
  kind: 'due'
  day: string
  rule: string
}

/** `none`: no rule applies. `unknown`: nothing is known of the KB, or of one that the exposure began with. */
export type Deadline = DueDay | { kind: 'none' } | { kind: 'unknown' }

/** Where no rule applies. */
export const NO_DEADLINE = { kind: 'none' } as const
const UNKNOWN = { kind: 'unknown' } as const

export type FactsOf = (kbId: string) => DeadlineFacts | undefined

/**
 * By when a pair is due: each of the KBs that the exposure began with, and the KB itself, sets a day by its own facts, and the earliest
 * holds. So who never patches does not become young by every month's KB, and what was released yesterday is not due before it was there.
 */
export function dueOf(pair: DuePair, factsOf: FactsOf, policy: Policy, machine: RuledMachine): Deadline {
  const others = firstKbs(pair).filter((kbId) => foldedKbId(kbId) !== foldedKbId(pair.kbId))
  const own = { kbId: pair.kbId, seenSnapshotId: others.length > 0 ? pair.appearedSnapshotId : pair.exposedSince }
  const kbs = [own, ...others.map((kbId) => ({ kbId, seenSnapshotId: pair.exposedSince }))]
  const deadlines = kbs.map(({ kbId, seenSnapshotId }) => {
    const facts = factsOf(kbId)
    return facts ? dueByFacts(facts, seenSnapshotId, policy, machine) : UNKNOWN
  })
  return deadlines.reduce(stricter, NO_DEADLINE)
}

/** Overdue is what is still missing after its last day. */
export const isOverdue = (deadline: Deadline, atSnapshotId: string): boolean =>
  deadline.kind === 'due' && deadline.day < dayOfSnapshot(atSnapshotId)

/** A day before none; one that is not known is no "none". */
function stricter(one: Deadline, other: Deadline): Deadline {
  if (one.kind === 'due' && other.kind === 'due') {
    return (byText(one.day, other.day) || byText(one.rule, other.rule)) <= 0 ? one : other
  }
  return [one, other].find(({ kind }) => kind === 'due') ?? (one.kind === 'unknown' ? one : other)
}

function dueByFacts(facts: DeadlineFacts, seenSnapshotId: string, { rules }: Policy, machine: RuledMachine): Deadline {
  return rules
    .filter(({ when }) => isMet(when, facts, machine))
    .flatMap((rule) => dueDays(rule, facts, seenSnapshotId).map((day): Deadline => ({ kind: 'due', day, rule: rule.name })))
    .reduce(stricter, NO_DEADLINE)
}

function isMet(when: PolicyCondition, { severity, cvss, exploited, kev }: DeadlineFacts, machine: RuledMachine): boolean {
  const isRated = when.severity === undefined || when.severity.includes(severity ?? null)
  const isScored = when.orCvssFrom !== undefined && cvss !== undefined && cvss >= when.orCvssFrom
  return (
    (isRated || isScored) &&
    (when.exploited ?? exploited) === exploited &&
    (when.kev ?? kev.length > 0) === kev.length > 0 &&
    isAmong(when.tags, machine.machineTags) &&
    isAmong(when.groups, [machine.rbacGroupName]) &&
    isAmong(when.platforms, [machine.osPlatform])
  )
}

/** People write them in whatever letter case. */
function isAmong(wanted: readonly string[] | undefined, own: readonly (string | null)[]): boolean {
  return wanted === undefined || wanted.some((name) => own.some((one) => one?.toLowerCase() === name.toLowerCase()))
}

/** The last days in time by a rule: one, and by CISA one for each of its entries. */
function dueDays({ clock, limit }: PolicyRule, { releasedAt, kev }: DeadlineFacts, seenSnapshotId: string): string[] {
  switch (clock) {
    case 'release':
      return [limited(releasedAt, limit)]
    case 'firstSeen':
      return [limited(dayOfSnapshot(seenSnapshotId), limit)]
    case 'kevAdded':
      return kev.map((entry) => limited(later(entry.dateAdded, releasedAt), limit, entry))
  }
}

/** Nothing can be installed before it is released. */
const later = (one: string, other: string): string => (one > other ? one : other)

function limited(from: string, limit: PolicyRule['limit'], entry?: KevEntry): string {
  if ('months' in limit) return monthsAfter(from, limit.months)
  if ('days' in limit) return dayAfter(from, limit.days)
  const given = entry ? daysBetween(entry.dateAdded, entry.dueDate) : 0
  // Some entries were due before they were listed.
  return dayAfter(from, given > 0 ? given : limit.kevDueElseDays)
}
