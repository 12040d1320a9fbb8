import { describe, expect, it } from 'vitest'
import { LearnedDensity } from '../../../src/feed/read/density.ts'
import { FEED_POLICY } from '../../../src/feed/read/policy.ts'
import { machineCuts } from '../../../src/feed/sets/machine-cuts.ts'
import { keyAfter, LAST_KEY } from '../../../src/store/index.ts'

/** Sixteen sections in all: one for each first digit. */
const density = new LearnedDensity(16 * FEED_POLICY.sectionRows)

const edges = (range: { from?: string; to?: string }, goOnAt?: string) =>
  [...machineCuts(range, goOnAt, density)].map(({ from, to }) => [from, to])

describe('the cuts of a range of machine ids', () => {
  it('hold its last id, and none behind it', () => {
    const cuts = edges({ from: 'e', to: 'f3' })
    expect([cuts.length, cuts[0]?.[0], cuts.at(-1)?.[1]]).toEqual([2, 'e', keyAfter('f3')])
  })

  it('begin where the page before ended, unless the range begins later', () => {
    expect(edges({ from: 'c' }, 'e8').map(([from]) => from)).toEqual(['e8', 'f7ff'])
    expect(edges({ from: 'c' }, '12')[0]?.[0]).toBe('c')
    expect(edges({}, 'fff')).toEqual([['fff', LAST_KEY]])
  })
})
