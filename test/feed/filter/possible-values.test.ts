import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bindFilter } from '../../../src/feed/filter/bind-filter.ts'
import { possibleValuesOf, isPossible, rangeOf } from '../../../src/feed/filter/possible-values.ts'
import { parseFilter } from '../../../src/feed/filter/parse-filter.ts'
import { anyFilter, keyOf, probeRow, PROBE_SET } from './filters.ts'

describe.each(['id', 'at'] as const)('the possible values of %s in a filter', (property) => {
  it('takes in every row that the filter takes', () => {
    fc.assert(
      fc.property(anyFilter, probeRow, (text, row) => {
        const filter = parseFilter(text, 0)
        fc.pre(bindFilter(filter, PROBE_SET)(row))
        const possible = possibleValuesOf(filter, property)
        const range = rangeOf(possible)
        const value = keyOf(row, property)
        expect(isPossible(value, possible)).toBe(true)
        expect(range !== undefined && isPossible(value, { kind: 'range', ...range })).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('possible values', () => {
  const possible = (filter: string) => possibleValuesOf(parseFilter(filter, 0), 'id')

  it.each([
    ["id eq 'a'", { kind: 'values', values: ['a'] }],
    ["'a' eq id", { kind: 'values', values: ['a'] }],
    ["id eq 'b' or id eq 'a' or id in ('c','a')", { kind: 'values', values: ['a', 'b', 'c'] }],
    ["id ge 'a' and id lt 'm'", { kind: 'range', from: 'a', to: 'm' }],
    ["'m' gt id and 'a' le id and id le 'k'", { kind: 'range', from: 'a', to: 'k' }],
    ["id in ('a','k','z') and id gt 'b' and id lt 'm'", { kind: 'values', values: ['k'] }],
    ["id eq 'a' and id eq 'b'", { kind: 'values', values: [] }],
    ["(id ge 'c' and id le 'd') or id eq 'a'", { kind: 'range', from: 'a', to: 'd' }],
    ["id ge 'c' or id eq 'a'", { kind: 'range', from: 'a' }],
    ["(id eq 'a' and count eq 1) or (id eq 'b' and count eq 2)", { kind: 'values', values: ['a', 'b'] }],
    ["id eq 'a' and count eq 1 and not isOpen", { kind: 'values', values: ['a'] }],
    ["(id eq 'a' and id eq 'b') or id eq 'c'", { kind: 'values', values: ['c'] }],
    ["id eq 'a' or isOpen", { kind: 'all' }],
    ["not (id eq 'a')", { kind: 'all' }],
    ["id ne 'a'", { kind: 'all' }],
    ["(id eq 'a') eq true", { kind: 'all' }],
    ['id eq note', { kind: 'all' }],
    [`id eq '${'a'.repeat(201)}'`, { kind: 'values', values: [] }],
    [`id in ('b','${'a'.repeat(201)}')`, { kind: 'values', values: ['b'] }],
    [`id gt '${'a'.repeat(201)}'`, { kind: 'all' }],
    [`id le '${'a'.repeat(201)}' and id ge 'b'`, { kind: 'range', from: 'b' }],
    ['id ge null', { kind: 'all' }],
    ["startswith(id,'a')", { kind: 'all' }],
  ])('of %s', (filter, expected) => {
    expect(possible(filter)).toEqual(expected)
  })

  it('of more values than are worth a request each is a range', () => {
    const values = Array.from({ length: 150 }, (_, index) => `'${1000 + index}'`)
    expect(possible(`id in (${values.join(',')})`)).toEqual({ kind: 'range', from: '1000', to: '1149' })
  })
})
