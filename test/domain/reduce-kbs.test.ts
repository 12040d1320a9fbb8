import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BuildOf, isCumulative, type MissingKb, reduceKbs } from '../../src/domain/index.ts'

const NO_BUILD: BuildOf = () => undefined
const kb = (kbId: string, kbName: string | null, ...productsNames: string[]): MissingKb => ({
  kbId,
  kbName,
  productsNames: productsNames.length > 0 ? productsNames : ['windows_server_2025'],
  url: null,
  cveAddressed: null,
})

/** `5075899>5072033,5073379 5075900`: what is shown, and what each contains. */
const told = (kbs: readonly MissingKb[]) => kbs.map(({ kbId, contains }) => (contains ? `${kbId}>${contains.join(',')}` : kbId)).join(' ')

const DECEMBER = kb('5072033', 'December 2025 Security Updates')
const JANUARY = kb('5073379', 'January 2026 Security Updates')
const FEBRUARY = kb('5075899', 'February 2026 Security Updates')

describe('the newest of what a bulk source lists', () => {
  it('contains the fixes of older vulnerabilities of its product', () => {
    expect(told(reduceKbs([FEBRUARY, DECEMBER, JANUARY], NO_BUILD))).toBe('5075899>5072033,5073379')
  })

  it('is told by the build where each has one, whatever the months say', () => {
    const builds: Record<string, string> = {
      '5072033': '10.0.26100.32999',
      '5073379': '10.0.26100.32230',
      '5075899': '10.0.26100.7',
    }
    expect(told(reduceKbs([FEBRUARY, DECEMBER, JANUARY], (kbId) => builds[kbId]))).toBe('5072033>5073379,5075899')
    expect(told(reduceKbs([FEBRUARY, DECEMBER, JANUARY], (kbId) => (kbId === '5072033' ? builds[kbId] : undefined)))).toBe(
      '5075899>5072033,5073379',
    )
  })

  it('is told by the number where the months are equal, or one has none', () => {
    expect(
      told(reduceKbs([kb('5066793', 'November 2025 Security Updates'), kb('5068865', 'November 2025 Security Updates')], NO_BUILD)),
    ).toBe('5068865>5066793')
    expect(told(reduceKbs([kb('995', null), FEBRUARY], NO_BUILD))).toBe('5075899>995')
  })

  it('is one of each product, and of products that are not cumulative each stays', () => {
    const word = kb('5002001', 'January 2026 Security Updates', 'office')
    const excel = kb('5002002', 'February 2026 Security Updates', 'office')
    const client = kb('5074109', 'January 2026 Security Updates', 'windows_11')
    expect(told(reduceKbs([JANUARY, FEBRUARY, client, word, excel], NO_BUILD))).toBe('5002001 5002002 5074109 5075899>5073379')
  })

  it('stays as long as it is the newest of any product of its own', () => {
    const both = kb('5073000', 'January 2026 Security Updates', 'windows_10', 'windows_server_2016')
    const newer = kb('5075000', 'February 2026 Security Updates', 'windows_10')
    expect(told(reduceKbs([both, newer], NO_BUILD))).toBe('5073000 5075000')
  })

  const products = fc.uniqueArray(fc.constantFrom('windows_10', 'windows_11', 'office', 'edge'), { minLength: 1, maxLength: 3 })
  const kbs = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 5_000_000, max: 5_000_040 }),
      month: fc.constantFrom(null, 'January', 'May', 'June'),
      products,
    }),
    { selector: ({ id }) => id, maxLength: 12 },
  )

  it('loses none, names none twice, and is the same in whatever order they come', () => {
    fc.assert(
      fc.property(kbs, fc.nat(), (drawn, seed) => {
        const listed = drawn.map(({ id, month, products: names }) => kb(String(id), month && `${month} 2026 Security Updates`, ...names))
        const reduced = reduceKbs(listed, NO_BUILD)
        const shuffled = [...listed].sort((a, b) => ((Number(a.kbId) * (seed + 7)) % 97) - ((Number(b.kbId) * (seed + 7)) % 97))
        expect(reduceKbs(shuffled, NO_BUILD)).toEqual(reduced)
        const named = reduced.flatMap(({ kbId, contains = [] }) => [kbId, ...contains])
        expect([...named].sort()).toEqual(listed.map(({ kbId }) => kbId).sort())
        const cumulative = (of: readonly MissingKb[]) =>
          [...new Set(of.flatMap(({ productsNames }) => productsNames.filter(isCumulative)))].sort()
        expect(cumulative(reduced)).toEqual(cumulative(listed))
      }),
    )
  })
})
