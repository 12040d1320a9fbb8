import { describe, expect, test } from 'vitest'
import { factsFor, type KbFacts, type KbProductFacts } from '../../src/domain/index.ts'

const product = (name: string, parts: Partial<KbProductFacts> = {}): KbProductFacts => ({
  ...{ productId: name, name, severity: 'Important', cvss: 7.8, fixedBuild: null, updateClass: 'cumulative', supersededBy: null },
  ...parts,
})

const KB: KbFacts = {
  kbId: '5083769',
  released: { day: '2026-04-14', rule: 'document', cvesAgreeing: 78 },
  cves: 80,
  document: { id: '2026-Apr', revisedAt: '2026-05-02T07:00:00Z' },
  products: [
    product('Windows 11 Version 24H2 for x64-based Systems', {
      fixedBuild: '10.0.26100.8037',
      supersededBy: { kbIds: ['5089549'], rule: 'fixedBuild' },
    }),
    product('Windows Server 2025 ', { severity: 'Critical', cvss: 9.8, supersededBy: { kbIds: ['5087539'], rule: 'supercedence' } }),
  ],
  exploited: [],
}

describe('facts for a tenant', () => {
  test('are over the products that its machines have', () => {
    const own = factsFor(KB, [{ product: 'windows_11' }])
    expect(own).toMatchObject({ severity: 'Important', cvss: 7.8, supersededBy: ['5089549'], fixedBuild: ['10.0.26100.8037'] })
    expect(own.rules).toMatchObject({ products: 'ownProducts', supersededBy: 'fixedBuild' })
    expect(own).toMatchObject({ releasedAt: '2026-04-14', bulletin: '202604', source: 'MSRC 2026-Apr' })
  })

  test('are over all products where none of them is the tenant’s', () => {
    const all = factsFor(KB, [{ product: 'windows_11', osBuild: '22631' }])
    expect(all).toMatchObject({ severity: 'Critical', cvss: 9.8, supersededBy: ['5087539', '5089549'] })
    expect(all.rules).toMatchObject({ products: 'allProducts', supersededBy: 'supercedence' })
  })

  test('leave out what nothing is known of', () => {
    const unknown = factsFor({ ...KB, products: [product('Windows 11', { severity: null, cvss: null })] }, [])
    expect(Object.keys(unknown)).not.toEqual(expect.arrayContaining(['severity']))
    expect(unknown).not.toHaveProperty('cvss')
    expect(unknown).not.toHaveProperty('exploitedSince')
    expect(unknown.exploited).toBe(false)
  })

  test('date it exploited by the source that was first', () => {
    const kev = { dateAdded: '2026-04-16', dueDate: '2026-05-07', ransomware: true }
    const both = factsFor({ ...KB, exploited: [{ cve: 'CVE-2026-1', msrcSince: '2026-04-14', kev }] }, [])
    expect(both).toMatchObject({ exploited: true, exploitedSince: '2026-04-14', ransomware: true, kevDueDate: '2026-05-07' })
    expect(both).toMatchObject({ source: 'MSRC 2026-Apr, CISA KEV', rules: { exploited: 'msrc' } })
    const late = factsFor({ ...KB, exploited: [{ cve: 'CVE-2026-1', msrcSince: '2026-11-01', kev }] }, [])
    expect(late).toMatchObject({ exploitedSince: '2026-04-16', rules: { exploited: 'kev' } })
  })
})
