import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DocumentContribution, ProductContribution } from '../../src/catalogue/contribution.ts'
import { decodeContribution, encodeContribution } from '../../src/catalogue/contribution-format.ts'
import { foldFacts } from '../../src/catalogue/fold.ts'
import { compareBuilds, type KbFacts, type KevEntry, SEVERITIES, UPDATE_CLASSES, versionOfBuild } from '../../src/domain/index.ts'
import { documentOf, factsOf, vulnerability } from '../support/read-catalogue.ts'

const KB_IDS = ['5000001', '5000002', '5000003', '5000004', '5000005', '5000006']
const BUILDS = ['10.0.26100.994', '10.0.26100.7462', '10.0.26100.32230', '10.0.22631.4000', '6.3.9600.23398']
const DAYS = ['2026-01-13', '2026-01-20', '2026-02-10', '2026-03-10']

const product = (productId: string): fc.Arbitrary<ProductContribution> =>
  fc.record({
    productId: fc.constant(productId),
    severity: fc.constantFrom(...SEVERITIES, null),
    cvss: fc.constantFrom(5.5, 7.8, 9.8, null),
    fixedBuild: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 3, arbitrary: fc.constantFrom(...BUILDS) }),
    updateClass: fc.constantFrom(...UPDATE_CLASSES.slice(0, 3)),
    supersedes: fc.subarray([...KB_IDS, '4999999'], { maxLength: 3 }),
  })

const kb = fc
  .record({
    kbId: fc.constantFrom(...KB_IDS),
    cves: fc.subarray([0, 1, 2, 3], { minLength: 1 }),
    days: fc.array(fc.constantFrom(...DAYS), { maxLength: 4 }),
    products: fc.subarray(['1', '2']).chain((ids) => fc.tuple(...ids.map(product))),
  })
  .map(({ days, ...of }) => ({
    ...of,
    firstDays: [...new Set(days)].map((day) => ({ day, cves: days.filter((other) => other === day).length })),
  }))

const document = (index: number): fc.Arbitrary<DocumentContribution> =>
  fc.record({
    id: fc.constant(`2026-${['Jan', 'Feb', 'Mar', 'Apr'][index]}`),
    initialDay: fc.constantFrom(...DAYS),
    revisedAt: fc.constant('2026-04-30T07:00:00.000Z'),
    productNames: fc.constantFrom<Record<string, string>>({ 1: 'One', 2: 'Two' }, { 1: 'one ' }, {}),
    cves: fc.constant([0, 1, 2, 3].map((cve) => ({ cve: `CVE-2026-${index}${cve}000`, exploitedSince: cve === 3 ? '2026-02-11' : null }))),
    kbs: fc.uniqueArray(kb, { selector: ({ kbId }) => kbId, maxLength: 5 }),
  })

const documents = fc.tuple(document(0), document(1), document(2), document(3)).map((all): DocumentContribution[] => all)

const KEV = new Map<string, KevEntry>([['CVE-2026-11000', { dateAdded: '2026-02-20', dueDate: '2025-08-01', ransomware: true }]])

/** For a product, what supersedes each KB. */
const links = (facts: readonly KbFacts[], productId: string) =>
  new Map(facts.flatMap(({ kbId, products }) => products.filter((of) => of.productId === productId).map((of) => [kbId, of.supersededBy])))

describe('facts of documents', () => {
  it('are the same in whatever order documents, KBs and products come', () => {
    fc.assert(
      fc.property(documents, fc.integer(), (all, turn) => {
        const turned = all.map((one) => ({
          ...one,
          kbs: one.kbs.toReversed().map((of) => ({ ...of, products: of.products.toReversed(), firstDays: of.firstDays.toReversed() })),
        }))
        const rotated = [...turned.slice(turn % 4), ...turned.slice(0, turn % 4)]
        expect(foldFacts(rotated, KEV)).toEqual(foldFacts(all, KEV))
      }),
    )
  })

  it('are those of what was kept of them as text', () => {
    fc.assert(
      fc.property(documents, (all) => {
        expect(all.map((one) => decodeContribution(one.id, encodeContribution(one)))).toEqual(all)
      }),
    )
    expect(decodeContribution('2026-Jan', '{}')).toBeUndefined()
  })

  it('follow no circle, and name only KBs that are there for the product', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom('1', '2'), (all, productId) => {
        const of = links(foldFacts(all, KEV), productId)
        for (const start of of.keys()) {
          let reached = new Set([start])
          for (let steps = 0; reached.size > 0; steps++) {
            expect(steps).toBeLessThanOrEqual(KB_IDS.length)
            reached = new Set([...reached].flatMap((kbId) => of.get(kbId)?.kbIds ?? []))
            for (const kbId of reached) expect(of.has(kbId)).toBe(true)
          }
        }
      }),
    )
  })

  it('name the next higher build of the same class and version, and nothing for the highest', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom('1', '2'), (all, productId) => {
        const rows = foldFacts(all, KEV).flatMap(({ kbId, products }) =>
          products.filter((of) => of.productId === productId).map((of) => ({ kbId, ...of })),
        )
        for (const { fixedBuild: build, updateClass, supersededBy } of rows) {
          if (build === null) continue
          const higher = rows.filter(
            (other) =>
              other.updateClass === updateClass &&
              other.fixedBuild !== null &&
              versionOfBuild(other.fixedBuild) === versionOfBuild(build) &&
              compareBuilds(other.fixedBuild, build) > 0,
          )
          const next = higher.map(({ fixedBuild }) => fixedBuild ?? '').toSorted(compareBuilds)[0]
          const kbIds = higher.filter(({ fixedBuild }) => fixedBuild === next).map(({ kbId }) => kbId)
          expect(supersededBy).toEqual(next === undefined ? null : { kbIds, rule: 'fixedBuild' })
        }
      }),
    )
  })

  it('are of a KB the sum of its documents: a worse one makes it worse, whichever it is', () => {
    fc.assert(
      fc.property(documents, (all) => {
        for (const { kbId, cves, products } of foldFacts(all, KEV)) {
          const parts = all.flatMap((one) => one.kbs.filter((of) => of.kbId === kbId).map((of) => ({ one, of })))
          expect(cves).toBe(parts.reduce((sum, { of }) => sum + of.cves.length, 0))
          for (const { productId, severity, cvss } of products) {
            const said = parts.flatMap(({ of }) => of.products.filter((other) => other.productId === productId))
            expect(cvss ?? -1).toBe(Math.max(...said.map((other) => other.cvss ?? -1)))
            expect(severity).toBe(SEVERITIES.find((word) => said.some((other) => other.severity === word)) ?? null)
          }
        }
      }),
    )
  })
})

describe('a KB', () => {
  const old = (cves: string[]) => cves.map((cve) => vulnerability({ cve, kb: '5050009', revisions: ['2023-04-11T07:00:00'] }))
  const january = { id: '2025-Jan', initialReleaseDate: '2025-01-14T08:00:00' }

  it('came out with the document that has most of its vulnerabilities, not with the earliest: newer KBs are written into older ones', () => {
    const ofJanuary = ['1', '2', '3'].map((cve) =>
      vulnerability({ cve: `CVE-2025-2100${cve}`, kb: '5050009', revisions: ['2025-01-14T08:00:00'] }),
    )
    const facts = factsOf([
      documentOf(old(['CVE-2023-28260']), { id: '2023-Apr', initialReleaseDate: '2023-04-11T07:00:00' }),
      documentOf(ofJanuary, january),
    ])
    expect(facts.get('5050009')).toMatchObject({
      released: { day: '2025-01-14', rule: 'document', cvesAgreeing: 3 },
      cves: 4,
      document: { id: '2025-Jan' },
    })
  })

  it('came out with the later of two documents that have as many', () => {
    const facts = factsOf([
      documentOf(old(['CVE-2023-28260']), { id: '2023-Apr', initialReleaseDate: '2023-04-11T07:00:00' }),
      documentOf([vulnerability({ kb: '5050009', revisions: ['2025-01-14T08:00:00'] })], january),
    ])
    expect(facts.get('5050009')?.document.id).toBe('2025-Jan')
  })

  it('out of band came out on the day on which most of its vulnerabilities did', () => {
    const of = ['13', '13', '13', '10'].map((day, index) =>
      vulnerability({ cve: `CVE-2026-2500${index}`, kb: '5084597', revisions: [`2026-03-${day}T07:00:00`] }),
    )
    const march = documentOf(of, { id: '2026-Mar', initialReleaseDate: '2026-03-10T07:00:00' })
    expect(factsOf([march]).get('5084597')?.released).toEqual({ day: '2026-03-13', rule: 'firstRevisions', cvesAgreeing: 3 })
    const even = documentOf(of.slice(2), { id: '2026-Mar', initialReleaseDate: '2026-03-10T07:00:00' })
    expect(factsOf([even]).get('5084597')?.released).toEqual({ day: '2026-03-10', rule: 'document', cvesAgreeing: 1 })
  })

  it('is exploited by either source, each with its own day', () => {
    const of = ['CVE-2026-20001', 'CVE-2026-20002', 'CVE-2026-20003'].map((cve, index) => vulnerability({ cve, exploited: index === 0 }))
    const kev = { dateAdded: '2026-04-16', dueDate: '2026-04-19', ransomware: false }
    expect(factsOf([documentOf(of)], new Map([['CVE-2026-20002', kev]])).get('5083769')?.exploited).toEqual([
      { cve: 'CVE-2026-20001', msrcSince: '2026-04-14', kev: null },
      { cve: 'CVE-2026-20002', msrcSince: null, kev },
    ])
  })
})

describe('a successor', () => {
  const fix = (text: string, productIds: string[], more: object) => ({ text, productIds, subType: 'Security Update', ...more })
  const superseded = (kbs: readonly ReturnType<typeof fix>[]) => {
    const facts = factsOf([documentOf(kbs.map((one, index) => vulnerability({ cve: `CVE-2026-2000${index}`, fixes: [one] })))])
    return (kbId: string) => facts.get(kbId)?.products.map(({ productId, supersededBy }) => [productId, supersededBy?.kbIds ?? null])
  }

  it('is told by builds, whatever the texts say: those cross products', () => {
    // Server 2025 shared the client's KB until December 2025; February's names the client's of January.
    const of = superseded([
      fix('5072033', ['1'], { fixedBuild: '10.0.26100.7462' }),
      fix('5072033', ['2'], { fixedBuild: '10.0.26100.7462' }),
      fix('5074109', ['1'], { fixedBuild: '10.0.26100.7623', supercedence: '5072033' }),
      fix('5073379', ['2'], { fixedBuild: '10.0.26100.32230', supercedence: '5072033' }),
      fix('5075899', ['2'], { fixedBuild: '10.0.26100.32370', supercedence: '5074109' }),
    ])
    expect(of('5072033')).toEqual([
      ['1', ['5074109']],
      ['2', ['5073379']],
    ])
    expect(of('5073379')).toEqual([['2', ['5075899']]])
    expect(of('5074109')).toEqual([['1', null]])
  })

  it('of a hotpatch is the next hotpatch, although the month’s cumulative update has a higher build', () => {
    const of = superseded([
      fix('5075942', ['2'], { fixedBuild: '10.0.26100.32313', subType: 'SecurityHotpatchUpdate' }),
      fix('5075899', ['2'], { fixedBuild: '10.0.26100.32370' }),
      fix('5078736', ['2'], { fixedBuild: '10.0.26100.32463', subType: 'Azure Hotpatch' }),
      fix('5078740', ['2'], { fixedBuild: '10.0.26100.32522' }),
    ])
    expect([of('5075942'), of('5075899')]).toEqual([[['2', ['5078736']]], [['2', ['5078740']]]])
  })

  it('of a security-only update is no rollup', () => {
    const of = superseded([
      fix('5001', ['1'], {}),
      fix('5000001', ['1'], { fixedBuild: '6.3.9600.21000', subType: 'Security Only' }),
      fix('5000002', ['1'], { fixedBuild: '6.3.9600.21001', subType: 'Monthly Rollup' }),
      fix('5000003', ['1'], { fixedBuild: '6.3.9600.21500', subType: 'Monthly Rollup' }),
    ])
    expect([of('5000001'), of('5000002')]).toEqual([[['1', null]], [['1', ['5000003']]]])
  })

  it('without builds is who names it for a product in common; not itself, not in a circle, not who is not there', () => {
    const of = superseded([
      fix('5002329', ['1'], { supercedence: '5002329' }),
      fix('5002330', ['1'], { supercedence: '5002329; 4999999' }),
      fix('5002331', ['2'], { supercedence: '5002330' }),
      fix('5002401', ['1'], { supercedence: '5002403' }),
      fix('5002402', ['1'], { supercedence: '5002401' }),
      fix('5002403', ['1'], { supercedence: '5002402' }),
      fix('5002404', ['1'], { supercedence: '5002403' }),
    ])
    expect([of('5002329'), of('5002330')]).toEqual([[['1', ['5002330']]], [['1', null]]])
    expect(['5002401', '5002402', '5002403'].map(of)).toEqual([[['1', null]], [['1', null]], [['1', ['5002404']]]])
  })

  it('of several that name it is the one that came out first', () => {
    const at = (kb: string, day: string, month: string, supercedence: string) =>
      documentOf([vulnerability({ cve: `CVE-2026-${kb}`, fixes: [fix(kb, ['1'], { supercedence })], revisions: [`${day}T07:00:00`] })], {
        id: `2026-${month}`,
        initialReleaseDate: `${day}T07:00:00`,
      })
    const facts = factsOf([
      at('5000001', '2026-01-13', 'Jan', ''),
      at('5000003', '2026-03-10', 'Mar', '5000001; 5000002'),
      at('5000002', '2026-02-10', 'Feb', '5000001'),
    ])
    expect(facts.get('5000001')?.products[0]?.supersededBy).toEqual({ kbIds: ['5000002'], rule: 'supercedence' })
  })
})
