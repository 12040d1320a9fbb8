import { describe, expect, it } from 'vitest'
import { isSortedBy, sortRows } from '../../../src/feed/read/sort-rows.ts'

const by = (property: string, descending = false, isInstant = false) => ({ property, descending, isInstant })

describe('sorting', () => {
  it('puts null first, keeps equal rows in order, and turns both when descending', () => {
    const rows = [
      { a: 2, n: 0 },
      { a: null, n: 1 },
      { a: 1, n: 2 },
      { a: 2, n: 3 },
      { a: null, n: 4 },
    ]
    expect(sortRows(rows, [by('a')]).map(({ n }) => n)).toEqual([1, 4, 2, 0, 3])
    expect(sortRows(rows, [by('a', true), by('n', true)]).map(({ n }) => n)).toEqual([3, 0, 2, 4, 1])
  })

  it('orders instants by time, however many digits they have', () => {
    const rows = ['2026-06-12T02:00:01Z', '2026-06-12T02:00:00.5Z', '2026-06-12T02:00:00Z', '2026-06-12T02:00:00.25Z'].map((at) => ({ at }))
    expect(sortRows(rows, [by('at', false, true)]).map(({ at }) => at)).toEqual([
      '2026-06-12T02:00:00Z',
      '2026-06-12T02:00:00.25Z',
      '2026-06-12T02:00:00.5Z',
      '2026-06-12T02:00:01Z',
    ])
  })

  it('is not needed where the rows come so: by the beginning of an order, ascending', () => {
    const orders = [['a', 'b'], ['c']]
    expect([[by('a')], [by('a'), by('b')], [by('c')]].map((keys) => isSortedBy(keys, orders))).toEqual([true, true, true])
    expect([[by('b')], [by('a', true)], [by('a'), by('c')], [by('c'), by('a')]].map((keys) => isSortedBy(keys, orders))).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})
