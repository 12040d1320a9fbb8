import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { POLICY_PRESETS } from '../../src/domain/index.ts'

const read = (text?: string) =>
  readConfig({
    DEFENDER_TENANT_ID: '8a0b1f3e-5c4d-4e2f-9a6b-7c8d9e0f1a2b',
    STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
    CATALOGUE_POLICY: text,
  })

function policyOf(text?: string) {
  const result = read(text)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.config.policy
}

function problemOf(policy: unknown): string {
  const result = read(typeof policy === 'string' ? policy : JSON.stringify(policy))
  if (result.ok) return 'none'
  expect(result.problems.map(({ name }) => name)).toEqual(['CATALOGUE_POLICY'])
  return result.problems[0]?.expected.replace(/^one of standard, .*"months":1}]}: /, '') ?? ''
}

const ruled = (...rules: unknown[]) => ({ name: 'ours', rules })

describe('CATALOGUE_POLICY', () => {
  it('is a preset by name, in any letter case; the standard one where none is named', () => {
    expect(policyOf()).toEqual({ name: 'standard', rules: POLICY_PRESETS.standard.rules })
    expect(policyOf('PCI-DSS-4.0.1').rules).toEqual(POLICY_PRESETS['pci-dss-4.0.1'].rules)
  })

  it('is rules of one’s own as JSON', () => {
    const rules = [
      { name: 'critical', severity: ['Critical', 'none'], orCvssFrom: 9, tags: ['dmz'], days: 7, clock: 'firstSeen' },
      { name: 'kev', kev: true, kevDueElseDays: 14 },
      { name: 'rest', months: 1 },
    ]
    expect(policyOf(JSON.stringify(ruled(...rules)))).toEqual({
      name: 'ours',
      rules: [
        { name: 'critical', when: { severity: ['Critical', null], orCvssFrom: 9, tags: ['dmz'] }, clock: 'firstSeen', limit: { days: 7 } },
        { name: 'kev', when: { kev: true }, clock: 'kevAdded', limit: { kevDueElseDays: 14 } },
        { name: 'rest', when: {}, clock: 'release', limit: { months: 1 } },
      ],
    })
  })

  it.each<[string, unknown, string | RegExp]>([
    ['an unknown name', 'nis2', 'it is no JSON object'],
    ['a text cut off', '{"name":', /^it is none/],
    ['no rules', { name: 'ours', rules: [] }, /^rules: /],
    ['a rule without a limit', ruled({ name: 'a' }), 'rules.0: one of days, months and kevDueElseDays'],
    ['a rule with two', ruled({ name: 'a', days: 1, months: 1 }), 'rules.0: one of days, months and kevDueElseDays'],
    ['a score alone', ruled({ name: 'a', days: 1, orCvssFrom: 7 }), 'rules.0: severity beside orCvssFrom, which alone says nothing'],
    ['another word of severity', ruled({ name: 'a', days: 1, severity: ['High'] }), /^rules\.0\.severity\.0: /],
    ['a condition that is none', ruled({ name: 'a', days: 1, product: 'x' }), /^rules\.0: .*product/],
    ['no day at all', ruled({ name: 'a', days: 0 }), /^rules\.0\.days: /],
    ['a name of another policy', { name: 'Standard', rules: [{ name: 'a', days: 1 }] }, 'name is that of a preset'],
  ])('refuses %s, and says where', (_, policy, expected) => {
    expect(problemOf(policy)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected))
  })
})
