import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBuilds, fixedBuildOf, type KbFacts, type KbProductFacts } from '../../src/domain/index.ts'

const product = (name: string, fixedBuild: string | null, updateClass: KbProductFacts['updateClass'] = 'cumulative'): KbProductFacts => ({
  productId: name,
  name,
  severity: null,
  cvss: null,
  fixedBuild,
  updateClass,
  supersededBy: null,
})

const facts = (...products: KbProductFacts[]): KbFacts => ({
  kbId: '5072033',
  released: { day: '2025-12-09', rule: 'document', cvesAgreeing: 1 },
  cves: 1,
  document: { id: '2025-Dec', revisedAt: '2025-12-09T08:00:00Z' },
  products,
  exploited: [],
})

const SERVER = 'Windows Server 2025'
const CORE = 'Windows Server 2025 (Server Core installation)'
const CLIENT = 'Windows 11 Version 24H2 for x64-based Systems'
const server = { product: 'windows_server_2025', osBuild: '10.0.26100.7171' }

describe('the build that a KB brings', () => {
  it('is that of the product which the machine runs: the code base of both is the same, and their KBs are not', () => {
    const both = facts(product(CLIENT, '10.0.26100.7462'), product(SERVER, '10.0.26100.32230'), product(CORE, '10.0.26100.32230'))
    expect(fixedBuildOf(both, server)).toBe('10.0.26100.32230')
    expect(fixedBuildOf(both, { product: 'windows_11', osBuild: '26100' })).toBe('10.0.26100.7462')
  })

  it.each([
    ['nothing is known of the product', facts(product(CLIENT, '10.0.26100.7462'))],
    ['two builds are named', facts(product(SERVER, '10.0.26100.1'), product(CORE, '10.0.26100.2'))],
    ['none is named', facts(product(SERVER, null))],
    ['it is no build of Windows', facts(product(SERVER, '5.15.202.1-1'))],
    ['it is a hotpatch, whose builds go another way', facts(product(SERVER, '10.0.26100.32313', 'hotpatch'))],
  ])('is not known where %s', (_, of) => {
    expect(fixedBuildOf(of, server)).toBeUndefined()
  })
})

describe('builds', () => {
  it('are compared part by part as numbers', () => {
    expect(compareBuilds('10.0.26100.7462', '10.0.26100.32230')).toBeLessThan(0)
    expect(compareBuilds('10.0.22631.1', '10.0.9600.30000')).toBeGreaterThan(0)
  })

  it('have one order', () => {
    const build = fc.tuple(fc.nat(10), fc.nat(3), fc.nat(3), fc.nat(3)).map((parts) => parts.join('.'))
    fc.assert(
      fc.property(build, build, build, (a, b, c) => {
        expect(Math.sign(compareBuilds(a, b))).toBe(-Math.sign(compareBuilds(b, a)) + 0)
        if (compareBuilds(a, b) <= 0 && compareBuilds(b, c) <= 0) expect(compareBuilds(a, c)).toBeLessThanOrEqual(0)
        expect(compareBuilds(a, b) === 0).toBe(a === b)
      }),
    )
  })
})
