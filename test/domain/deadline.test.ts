import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Deadline,
  type DeadlineFacts,
  dueOf,
  type DuePair,
  isOverdue,
  monthsAfter,
  type Policy,
  POLICY_PRESETS,
  type PolicyRule,
  type RuledMachine,
} from '../../src/domain/index.ts'

const MACHINE: RuledMachine = { machineTags: ['Internet-Facing'], rbacGroupName: 'Servers', osPlatform: 'Windows11' }
const PLAIN: RuledMachine = { machineTags: [], rbacGroupName: null, osPlatform: null }
const facts = (values: Partial<DeadlineFacts> = {}): DeadlineFacts => ({
  ...{ releasedAt: '2026-04-14', severity: 'Important', cvss: 7.8, exploited: false, kev: [] },
  ...values,
})
const pair = (values: Partial<DuePair> = {}): DuePair => ({
  ...{ kbId: 'b', appearedSnapshotId: '20260515T020000Z', exposedSince: '20260416T020000Z', exposedWith: ['a'] },
  ...values,
})
const kev = (dateAdded: string, dueDate: string) => ({ exploited: true, kev: [{ dateAdded, dueDate, ransomware: false }] })
const FACTS: Record<string, DeadlineFacts> = { a: facts(), b: facts({ releasedAt: '2026-05-12', severity: 'Critical' }) }
const due = (policy: Policy, of: DuePair = pair(), known: Record<string, DeadlineFacts> = FACTS, machine = PLAIN): string => {
  const deadline = dueOf(of, (kbId) => known[kbId], policy, machine)
  return deadline.kind === 'due' ? `${deadline.day} ${deadline.rule}` : deadline.kind
}
const policy = (...rules: Partial<PolicyRule>[]): Policy => ({
  name: 'p',
  rules: rules.map((rule, index) => ({ name: `r${index}`, when: {}, clock: 'release', limit: { days: 30 }, ...rule })),
})
const OWN = pair({ exposedWith: [], exposedSince: '20260515T020000Z' })

describe('a due day', () => {
  it('counts from the first KB of the exposure', () => {
    expect(due(policy({}))).toBe('2026-05-14 r0')
    expect(due(policy({}), OWN)).toBe('2026-06-11 r0')
    expect(due(policy({}), pair({ exposedWith: ['b', 'a'] }))).toBe('2026-05-14 r0')
  })

  it('is set by each KB by its own facts alone', () => {
    const critical = policy({ when: { severity: ['Critical'] } })
    expect(due(critical)).toBe('2026-06-11 r0')
    expect(due(critical, pair({ kbId: 'a', exposedWith: [] }))).toBe('none')
  })

  it('is not known where nothing is, and no "none" where a KB of the exposure is not known', () => {
    expect(due(policy({}), pair(), {})).toBe('unknown')
    expect(due(policy({}), pair(), { a: facts() })).toBe('2026-05-14 r0')
    expect(due(policy({ when: { severity: ['Low'] } }), pair(), { b: facts() })).toBe('unknown')
    expect(due(policy({ when: { severity: ['Low'] } }))).toBe('none')
  })

  it.each<[string, PolicyRule['when'], Partial<DeadlineFacts>, RuledMachine, boolean]>([
    ['severity', { severity: ['Critical'] }, { severity: 'Critical' }, PLAIN, true],
    ['another severity', { severity: ['Critical'] }, {}, PLAIN, false],
    ['a severity that is given, and none is meant', { severity: [null] }, {}, PLAIN, false],
    ['a score as well', { severity: ['Critical'], orCvssFrom: 7 }, {}, PLAIN, true],
    ['a lower score', { severity: ['Critical'], orCvssFrom: 9 }, {}, PLAIN, false],
    ['what is exploited', { exploited: true }, { exploited: true }, PLAIN, true],
    ['what is not', { exploited: false }, { exploited: true }, PLAIN, false],
    ['what CISA lists', { kev: true }, kev('2026-04-20', '2026-05-04'), PLAIN, true],
    ['what MSRC alone says', { kev: true }, { exploited: true }, PLAIN, false],
    ['a tag in any letter case', { tags: ['internet-facing'] }, {}, MACHINE, true],
    ['no tag', { tags: ['internet-facing'] }, {}, PLAIN, false],
    ['a group', { groups: ['servers', 'x'] }, {}, MACHINE, true],
    ['a platform', { platforms: ['Windows10'] }, {}, MACHINE, false],
    ['all of several', { platforms: ['Windows11'], kev: true }, {}, MACHINE, false],
  ])('is by %s', (_, when, values, machine, applies) => {
    expect(due(policy({ when }), OWN, { b: facts(values) }, machine)).toBe(applies ? '2026-05-14 r0' : 'none')
  })

  it('is by a severity that is not given', () => {
    const { severity: _, ...unrated } = facts()
    expect(due(policy({ when: { severity: [null] } }), OWN, { b: unrated })).toBe('2026-05-14 r0')
  })

  it('counts from the clock of its rule', () => {
    const fourteen = { limit: { days: 14 } }
    expect(due(policy({ clock: 'firstSeen', ...fourteen }))).toBe('2026-04-30 r0')
    expect(due(policy({ clock: 'firstSeen', ...fourteen }), OWN)).toBe('2026-05-29 r0')
    const known = { a: facts(kev('2026-04-20', '2026-05-11')), b: facts(kev('2026-04-20', '2026-05-11')) }
    expect(due(policy({ clock: 'kevAdded', ...fourteen }), pair(), known)).toBe('2026-05-04 r0')
    // Nothing is due before it was there.
    expect(
      due(policy({ clock: 'kevAdded', ...fourteen }), OWN, { b: facts({ releasedAt: '2026-05-12', ...kev('2026-04-20', '2026-05-11') }) }),
    ).toBe('2026-05-26 r0')
    expect(due(policy({ clock: 'kevAdded', ...fourteen }))).toBe('none')
  })

  it("takes CISA's due day, and days where that is before its listing", () => {
    const byKev = (dateAdded: string, dueDate: string) => due(POLICY_PRESETS['bod-22-01'], OWN, { b: facts(kev(dateAdded, dueDate)) })
    expect(byKev('2026-04-20', '2026-05-11')).toBe('2026-05-11 kev-due-date')
    expect(byKev('2026-04-20', '2025-10-20')).toBe('2026-05-04 kev-due-date')
  })

  it('is by presets as their table says', () => {
    expect(due(POLICY_PRESETS.standard)).toBe('2026-05-14 all-30-days')
    expect(due(POLICY_PRESETS['pci-dss-4.0.1'])).toBe('2026-06-12 critical-1-month')
    expect(due(POLICY_PRESETS['cyber-essentials'])).toBe('2026-04-28 high-14-days')
    expect(due(POLICY_PRESETS['essential-eight'], OWN)).toBe('2026-06-12 all-1-month')
    expect(due(POLICY_PRESETS['essential-eight'], OWN, FACTS, MACHINE)).toBe('2026-05-14 exposed-critical-48-hours')
    expect(due(POLICY_PRESETS['bod-26-04'])).toBe('none')
    expect(due(POLICY_PRESETS['bod-26-04'], pair(), FACTS, MACHINE)).toBe('2026-06-13 exposed-60-days')
  })

  it('ends a calendar month on the last day of a shorter one', () => {
    expect(['2026-01-31', '2028-01-31', '2026-03-31', '2026-12-15'].map((day) => monthsAfter(day, 1))).toEqual([
      ...['2026-02-28', '2028-02-29', '2026-04-30', '2027-01-15'],
    ])
    expect(monthsAfter('2026-11-30', 3)).toBe('2027-02-28')
  })

  it('is the last one in time', () => {
    const last: Deadline = { kind: 'due', day: '2026-05-14', rule: 'r0' }
    expect(isOverdue(last, '20260514T235959Z')).toBe(false)
    expect(isOverdue(last, '20260515T000000Z')).toBe(true)
    expect(isOverdue({ kind: 'unknown' }, '20260515T000000Z')).toBe(false)
  })

  it('is the earliest by rule and KB, in whatever order they come, and never later for another rule or KB', () => {
    const days = fc.integer({ min: 1, max: 60 })
    const rules = fc.array(fc.record({ limit: fc.record({ days }), clock: fc.constantFrom('release' as const, 'firstSeen' as const) }), {
      ...{ minLength: 1, maxLength: 4 },
    })
    const ids = fc.uniqueArray(fc.constantFrom('a', 'c', 'd'), { maxLength: 3 })
    const releases = fc.record({ a: days, b: days, c: days, d: days })
    fc.assert(
      fc.property(rules, ids, releases, (some, exposedWith, released) => {
        const known = Object.fromEntries(
          Object.entries(released).map(([kbId, day]) => [kbId, facts({ releasedAt: monthsAfter('2026-01-01', day) })]),
        )
        const dayOf = (withRules: typeof some, of: DuePair) => due(policy(...withRules), of, known).slice(0, 10)
        const whole = dayOf(some, pair({ exposedWith }))
        expect(dayOf([...some].reverse(), pair({ exposedWith: [...exposedWith].reverse() }))).toBe(whole)
        expect(whole <= dayOf(some.slice(0, 1), pair({ exposedWith }))).toBe(true)
        const each = [...exposedWith, 'b'].map((kbId) =>
          dayOf(some, pair({ kbId, exposedWith: [], appearedSnapshotId: '20260416T020000Z' })),
        )
        if (exposedWith.length > 0) expect(whole >= (each.sort()[0] ?? '')).toBe(true)
      }),
    )
  })
})
