import { describe, expect, it } from 'vitest'
import { differencesOf } from '../../../dev/oracle/difference.ts'

const figures = (expected: unknown, got: unknown) => differencesOf('/api/x', expected, got).map(({ figure }) => figure)
const kb = (kbId: string, machines: number) => ({ kbId, machines })

describe('the differences between what is expected and what was answered', () => {
  it('are none where all that is expected is there, and whatever else', () => {
    expect(
      figures({ kbs: [kb('1', 2)], at: '2026-03-02T02:00:00Z' }, { kbs: [{ ...kb('1', 2), url: '' }], at: '2026-03-02T02:00:00.0000000Z' }),
    ).toEqual([])
  })

  it.each<[string, unknown, unknown, string[]]>([
    ['another value', { n: 1 }, { n: 2 }, ['n']],
    ['none', { n: 1 }, {}, ['n']],
    ['one where there must be none', { gap: undefined }, { gap: {} }, ['gap']],
    ['null for nothing', { name: null }, {}, ['name']],
    ['a problem instead of an answer', { kbs: [] }, { status: 404 }, ['kbs']],
    ['another instant', { at: '2026-03-02T02:00:00Z' }, { at: '2026-03-02T02:00:01Z' }, ['at']],
    ['a value of one row', [kb('1', 2), kb('2', 3)], [kb('1', 2), kb('2', 4)], ['[2].machines']],
    ['a row that is missing', [kb('1', 2), kb('2', 3)], [kb('2', 3)], ['[1]']],
    ['a row too many', [kb('2', 3)], [kb('1', 2), kb('2', 4)], ['[1]', '[2].machines']],
    ['another order', [kb('1', 2), kb('2', 3)], [kb('2', 3), kb('1', 2)], [' (order)']],
    ['another number of counts', [1, 1], [1, 1, 0], [' (how many)']],
  ])('are named: %s', (_, expected, got, named) => {
    expect(figures(expected, got)).toEqual(named)
  })
})
