import type { Severity } from './kb-facts.ts'

/**
 * What the days of a deadline are counted from: the release of the KB, the snapshot in which the machine was first seen to lack it, or the
 * listing by CISA, or the release where that is later.
 */
export const POLICY_CLOCKS = ['release', 'firstSeen', 'kevAdded'] as const
export type PolicyClock = (typeof POLICY_CLOCKS)[number]

/** How long there is: days, calendar months, or what CISA's entry gives, and days where it gives none that can be. */
export type PolicyLimit = { days: number } | { months: number } | { kevDueElseDays: number }

/** To which pairs of a machine and a KB a rule applies: to all where nothing is said. `null` among severities: where none is given. */
export interface PolicyCondition {
  severity?: readonly (Severity | null)[]
  /** Met as well as by severity: either is enough. */
  orCvssFrom?: number
  /** By MSRC or CISA. */
  exploited?: boolean
  /** Listed by CISA. */
  kev?: boolean
  /** Of machines with one of these tags, of these groups, of these platforms. */
  tags?: readonly string[]
  groups?: readonly string[]
  platforms?: readonly string[]
}

export interface PolicyRule {
  /** Stands beside every deadline that it sets. */
  name: string
  when: PolicyCondition
  clock: PolicyClock
  limit: PolicyLimit
}

/** Deadlines: of the rules that apply to a pair, the one with the earliest day holds. */
export interface Policy {
  name: string
  rules: readonly PolicyRule[]
}

/** Machines that are reached from the internet: Defender does not tell, a tag may. */
export const EXPOSED_TAG = 'internet-facing'

interface Preset extends Policy {
  says: string
  source: string
  /** When the source was read. */
  readOn: string
}

const rule = (name: string, when: PolicyCondition, limit: PolicyLimit, clock: PolicyClock = 'release'): PolicyRule => ({
  ...{ name, when, clock, limit },
})

/**
 * What people are held to, as far as patchtrail can know it. Where a text asks for what is not known (automatable, technical impact), the
 * longest limit that fits is taken: what is called overdue is overdue in any case. A snapshot a day cannot prove 48 hours: two days stand
 * for them.
 */
export const POLICY_PRESETS = {
  standard: {
    name: 'standard',
    says: 'all within 30 days of release; what CISA lists as exploited within 14 days of its listing',
    source: 'none: a proposal of patchtrail, for want of a policy of your own',
    readOn: '2026-11',
    rules: [rule('kev-14-days', { kev: true }, { days: 14 }, 'kevAdded'), rule('all-30-days', {}, { days: 30 })],
  },
  'bod-26-04': {
    name: 'bod-26-04',
    says: `listed by CISA: 14 days (3 days for some, which needs criteria that are not known here); not listed, on machines with the tag \`${EXPOSED_TAG}\`: 60 days`,
    source: 'CISA BOD 26-04 of 2026-06-10, by the table of CERTCC/SSVC, data/csv/cisa/cisa_bod_26_04_1_0_0.csv',
    readOn: '2026-11',
    rules: [
      rule('kev-14-days', { kev: true }, { days: 14 }, 'kevAdded'),
      rule('exposed-60-days', { kev: false, tags: [EXPOSED_TAG] }, { days: 60 }),
    ],
  },
  'bod-22-01': {
    name: 'bod-22-01',
    says: "CISA's own due day; 14 days from the listing where that day is before it. Revoked on 2026-06-10, and still in contracts",
    source: 'CISA BOD 22-01 of 2021-11-03 and the due days of its catalogue',
    readOn: '2026-11',
    rules: [rule('kev-due-date', { kev: true }, { kevDueElseDays: 14 }, 'kevAdded')],
  },
  'pci-dss-4.0.1': {
    name: 'pci-dss-4.0.1',
    says: 'requirement 6.3.3: critical ones within a calendar month of release; others as the organisation says, so none here',
    source: 'PCI DSS 4.0.1 of June 2024, by second hand (announcement of the PCI SSC)',
    readOn: '2026-11',
    rules: [rule('critical-1-month', { severity: ['Critical'] }, { months: 1 })],
  },
  'essential-eight': {
    name: 'essential-eight',
    says: `maturity 1 and 2: a calendar month; on machines with the tag \`${EXPOSED_TAG}\` two weeks, and 48 hours (counted as two days) for what is critical or exploited`,
    source: 'ACSC Essential Eight, maturity model of November 2023, by second hand (macquariegovernment.com)',
    readOn: '2026-11',
    rules: [
      rule('exposed-critical-48-hours', { severity: ['Critical'], tags: [EXPOSED_TAG] }, { days: 2 }),
      rule('exposed-exploited-48-hours', { exploited: true, tags: [EXPOSED_TAG] }, { days: 2 }),
      rule('exposed-2-weeks', { tags: [EXPOSED_TAG] }, { days: 14 }),
      rule('all-1-month', {}, { months: 1 }),
    ],
  },
  'cyber-essentials': {
    name: 'cyber-essentials',
    says: '14 days from release where the vendor says critical or high (Critical, Important), or CVSS is 7 or more, or no severity is given',
    source: 'Cyber Essentials requirements v3.2 of April 2025, by second hand (iasme.atlassian.net, keysigma.co.uk)',
    readOn: '2026-11',
    rules: [rule('high-14-days', { severity: ['Critical', 'Important', null], orCvssFrom: 7 }, { days: 14 })],
  },
} as const satisfies Record<string, Preset>
