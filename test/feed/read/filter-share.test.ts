import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimatedFilterShare } from '../../../src/feed/read/filter-share.ts'
import { FEED_POLICY } from '../../../src/feed/read/policy.ts'

const seen = fc
  .nat({ max: FEED_POLICY.scannedRows })
  .chain((scanned) => fc.record({ scanned: fc.constant(scanned), matched: fc.nat({ max: scanned }) }))

describe('the estimated share of rows that a filter takes', () => {
  it('is above 0 and below 1, whatever was seen', () => {
    fc.assert(
      fc.property(seen, (some) => {
        expect(estimatedFilterShare(some)).toBeGreaterThan(0)
        expect(estimatedFilterShare(some)).toBeLessThan(1)
      }),
    )
  })

  it('comes as close to the share that was seen as much was seen', () => {
    fc.assert(
      fc.property(seen, ({ scanned, matched }) => {
        const error = Math.abs(estimatedFilterShare({ scanned, matched }) - matched / Math.max(1, scanned))
        expect(error).toBeLessThanOrEqual(FEED_POLICY.filterPrior.scanned / (scanned + FEED_POLICY.filterPrior.scanned))
      }),
    )
  })

  it('grows with every row that matches, and shrinks with every other one', () => {
    fc.assert(
      fc.property(seen, ({ scanned, matched }) => {
        const share = estimatedFilterShare({ scanned, matched })
        expect(estimatedFilterShare({ scanned: scanned + 1, matched: matched + 1 })).toBeGreaterThan(share)
        expect(estimatedFilterShare({ scanned: scanned + 1, matched })).toBeLessThan(share)
      }),
    )
  })

  it('is one in eight before anything was seen', () => {
    expect(estimatedFilterShare({ scanned: 0, matched: 0 })).toBe(1 / 8)
  })
})
