import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FeedError } from '../../../src/feed/feed-error.ts'
import { bindFilter } from '../../../src/feed/filter/bind-filter.ts'
import type { FeedRow } from '../../../src/feed/filter/value.ts'
import { parseFilter } from '../../../src/feed/filter/parse-filter.ts'
import { anyFilter, listFilter, plainFilter, probeRow, PROBE_SET } from './filters.ts'
import { takenByFilterToAst, takenByOdataParser } from './oracles.ts'

const takes = (filter: string, row: FeedRow) => bindFilter(parseFilter(filter, NOW), PROBE_SET)(row)
const NOW = Date.parse('2026-06-12T12:00:00.25Z')
const RUNS = { numRuns: 600 }

describe('filters mean what other readers of OData take them for', () => {
  it('@odata/parser, for all comparisons, functions, and, or and not', () => {
    fc.assert(
      fc.property(plainFilter, probeRow, (filter, row) => takes(filter, row) === takenByOdataParser(filter, row)),
      RUNS,
    )
  })

  it('odata-filter-to-ast, for lists', () => {
    fc.assert(
      fc.property(listFilter, probeRow, (filter, row) => takes(filter, row) === takenByFilterToAst(filter, row)),
      RUNS,
    )
  })

  it('hold for some rows and not for others, so that the comparison says something', () => {
    const [filters, rows] = [fc.sample(anyFilter, 300), fc.sample(probeRow, 300)]
    const taken = filters.filter((filter, index) => takes(filter, rows[index] ?? {})).length
    expect(taken).toBeGreaterThan(60)
    expect(taken).toBeLessThan(240)
  })
})

const ROW: FeedRow = { id: 'a', note: null, count: 2, share: 0.5, isOpen: true, at: '2026-06-12T02:00:00Z', endedAt: null }

describe('a filter', () => {
  it.each([
    // `not` binds more than comparisons and `and`; `and` more than `or`; order more than equality.
    ['not isOpen and false', false],
    ['not (isOpen and false)', true],
    ['not isOpen or true', true],
    ['not(isOpen)', false],
    ['true or true and false', true],
    ['(true or true) and false', false],
    ['not isOpen eq false', true],
    ['count gt 1 eq isOpen', true],
    ['count gt 1 eq true and share lt 1', true],
    ['isOpen eq count gt 5', false],
    ["startswith(id,'a') eq true", true],
    ["not startswith(id,'a')", false],
    ["not contains(id,'b') and isOpen", true],
    // Null equals null only; what is unknown is neither true nor false.
    ['note eq null', true],
    ['note ne null', false],
    ["note ne 'x'", true],
    ["note eq 'x'", false],
    ["note lt 'x'", false],
    ['note ge null', true],
    ['note gt null', false],
    ["not (note lt 'x')", true],
    ["contains(note,'x')", false],
    ["not contains(note,'x')", false],
    ["contains(note,'x') or true", true],
    ["not (contains(note,'x') and false)", true],
    ['null eq note', true],
    ['null', false],
    ['endedAt eq null', true],
    ['note in (null)', true],
    ["note in ('x',null)", true],
    // Literals.
    ['count eq 2.0', true],
    ['count eq 2e0', true],
    ['count eq +2', true],
    ['count lt 3000000000', true],
    ['share gt -INF', true],
    ['share lt INF', true],
    ['share eq NaN', false],
    ['at eq 2026-06-12T02:00:00Z', true],
    ['at eq 2026-06-12T02:00Z', true],
    ['at eq 2026-06-12T04:00:00+02:00', true],
    ['at eq 2026-06-12T04:00:00 02:00', true],
    ['at eq 2026-06-11T18:30:00.0000000-07:30', true],
    ['at eq 2026-06-12T02:00:00.0000001Z', false],
    ['at lt 2026-06-12T02:00:00.0000001Z', true],
    ['at eq 2026-06-12t02:00:00z', true],
    ['at le 9999-12-31T23:59:59-01:00', true],
    ['at eq 9999-12-31T23:59:59-01:00', false],
    ['at gt 0000-01-01T00:00:00+14:00', true],
    ['at lt 9999-12-31T23:59:59.9999999Z', true],
    ['at gt 2026-06-12', true],
    ['at ge 2026-06-13', false],
    ["id eq 'a'", true],
    ["id ne ''", true],
    ['2 eq count', true],
    ['1 lt 2', true],
    ['at gt endedAt', false],
    ['id lt note', false],
    ["id in ('a')", true],
    ["id in ( 'b' , 'a' )", true],
    ['(((isOpen)))', true],
    ['  isOpen  ', true],
    ["endswith( id , 'a' )", true],
  ])('%s is %s', (filter, expected) => {
    expect(takes(filter, ROW)).toBe(expected)
  })

  const refusal = (filter: string) => {
    try {
      takes(filter, ROW)
      return 'taken'
    } catch (error) {
      if (!(error instanceof FeedError)) throw error
      return error.code
    }
  }

  it.each([
    '',
    ' ',
    'id',
    'count',
    "'a'",
    'id eq',
    "id eq'a'",
    "id  eq 'a",
    'id eq a b',
    "id = 'a'",
    "id == 'a'",
    "id eq 'a' and",
    "and id eq 'a'",
    "(id eq 'a'",
    "id eq 'a')",
    'id eq 1',
    "count eq '2'",
    'at eq 1',
    "at eq '2026-06-12T02:00:00Z'",
    'isOpen eq 1',
    "isOpen eq 'true'",
    'unknown eq 1',
    "ID eq 'a'",
    'id EQ 1',
    'not id',
    "not id eq 'a'",
    'id and isOpen',
    'isOpen or 1',
    'contains(id)',
    "contains(id,'a','b')",
    'contains(id,1)',
    "contains(count,'1')",
    "id in 'a'",
    'id in ()',
    'id in (1)',
    "id in ('a',)",
    'id in (note)',
    'at gt 2026-02-30',
    'at gt 2026-06-12T25:00:00Z',
    'at gt 2026-06-12T24:00:00Z',
    'at gt 2026-06-12T02:00:00',
    'at gt 2026-6-12',
    'at gt 10000-01-01T00:00:00Z',
    'at gt 2026-06-12T02:00:00+99:00',
    "nosuch(id,'a')",
    "id eq 'a';drop",
    'id eq "a"',
    'count eq 1.',
    'count eq .5',
    'count eq 0x1',
    'count eq 1e',
    'count eq inf',
    'isOpen eq True',
    'note eq NULL',
    "id eq 'a'or isOpen",
    'id/ eq 1',
    '$nothing eq 1',
    'id eq @',
    'id eq a:b',
    'd:d eq 1',
    'id eq a..b',
    'id eq Edm.',
    "id Edm.String 'a'",
    "id eq foo'a'",
    'count eq - ',
    'count -eq 1',
    'count eq 1-',
    'id / length eq 1',
    'in (id)',
    'at gt 12:',
    "cast id,Edm.String) eq 'a'",
    'at eq 12:30:00',
    'time(at) lt at',
    'length(id',
    'length() eq 1',
    'length(count) eq 1',
    "length(id,'a') eq 1",
    'tolower(at) eq id',
    "substring(id,'1') eq 'a'",
    'year(id) eq 2026',
    'date(count) eq 2026-06-12',
    'now(id) gt at',
    'mindatetime(1) lt at',
    "substring(id,1.5) eq 'a'",
    "substring(id,2.0) eq 'a'",
    "substring(id,share) eq 'a'",
    "substring(id,1,share) eq 'a'",
    'totaloffsetminutes(id) eq 0',
    '- at eq 1',
    "-'a' eq 1",
    'count - 1 eq 1',
    'id add 1 eq 2',
    "count add '1' eq 2",
    '-id eq 1',
    'count add eq 2',
    'time(at) lt 24:00:00',
    'tolower(id)',
    `${'('.repeat(101)}isOpen${')'.repeat(101)}`,
    `${'not '.repeat(101)}isOpen`,
    "constructor eq 'a'",
    "toString(id,'a')",
    '__proto__ eq 1',
  ])('%s is no filter of the set', (filter) => {
    expect(refusal(filter)).toBe('InvalidFilter')
  })

  it.each([
    "id has 'a'",
    'cast(count,Edm.Double) eq 1',
    "at gt -duration'P1D'",
    'totalseconds(at) eq 1',
    'hour(2026-05-12T02:03:04+02:00) eq 2',
    'date(2026-05-12T00:03:04 02:00) eq date(at)',
    'totaloffsetminutes(2026-05-12T02:03:04+02:00) eq 120',
    'isof(id,Edm.String)',
    'isof(Edm.String)',
    "id/any(d:d eq 'x')",
    "not id/all(d:contains(d,'x'))",
    'id/any()',
    "$it/id eq 'x'",
    'id/length eq 1',
    '$it eq 1',
    "$root/Probes('a')/id eq 'x'",
    'geo.length(id) eq 1',
    "geo.distance(id,geography'SRID=0;Point(1 2)') lt 1",
    "at eq duration'P1D'",
    "id in ('a',duration'P1D')",
    "id eq binary'QQ=='",
    "id has Name.Space.Colour'Red,Blue'",
    "id eq Name.Space.Colour'Red'",
    'id eq 3f2504e0-4f89-11d3-9a0c-0305e82c3301',
    'id eq @p',
    'id in @p',
    "case(isOpen:'a',true:'b') eq 'a'",
  ])('%s is OData, and not supported', (filter) => {
    expect(refusal(filter)).toBe('NotImplemented')
  })

  it.each([
    ['isof(id,Edm.String)', 'The function isof is not supported in $filter.'],
    ["id/any(d:d eq 'x')", 'The path id/any is not supported in $filter.'],
    ["at eq duration'P1D'", "The literal duration'P1D' is not supported in $filter."],
    ['id eq Edm.String', 'The name Edm.String is not supported in $filter.'],
    ['id eq @p', 'The variable @p is not supported in $filter.'],
    ["id has 'a'", 'The operator has is not supported in $filter.'],
    ['now(id) gt at', '$filter, at character 1: now takes nothing.'],
    ["year('2026') eq 2026", '$filter: year takes an instant.'],
    ['substring(id,1.5) eq id', '$filter: substring takes a text and a whole number, or a text and a whole number and a whole number.'],
    ['at sub endedAt gt 1', 'Durations are not supported in $filter.'],
    ['count gt 1 and abc..d eq 1', '$filter, at character 16: "abc..d eq 1" cannot be read.'],
    ['id Edm.Double', '$filter, at character 4: expected an operator, found "Edm.Double".'],
    ['at eq 1', '$filter: an instant cannot be compared with a number.'],
    ['id eq at', '$filter: a text cannot be compared with an instant.'],
    ['at', '$filter: it is an instant, not a condition.'],
    ['ID eq 1', '$filter: Probes has no property ID; it has id, note, count, share, isOpen, at, endedAt.'],
  ])('%s is refused with: %s', (filter, message) => {
    expect(() => takes(filter, ROW)).toThrow(message)
  })

  it.each(['X', 'X eq 1', 'X(1)', 'id X', "id eq duration'X'", 'id eq X/X', "id eq 'a' and 'X", 'id eq X.X', 'id eq @X'])(
    '%s is refused in few words, however long a word of it is',
    (filter) => {
      const message = (word: string) => {
        try {
          takes(filter.replaceAll('X', word), ROW)
        } catch (error) {
          return error instanceof FeedError ? error.message : String(error)
        }
        return 'taken'
      }
      expect(message('xy')).toMatch(/xy|cannot be read/)
      expect(message('x'.repeat(20_000)).length).toBeLessThan(300)
    },
  )

  it('is read or refused, whatever the text', () => {
    const pieces = fc.constantFrom(
      'id',
      'count',
      'eq',
      'in',
      '(',
      ')',
      ',',
      "'a'",
      "'",
      '1',
      '2026-06-12',
      'not',
      'and',
      'null',
      'contains',
      ' ',
      ' ',
      ' ',
      '-',
      '.',
      'INF',
      '\t',
      '/',
      ':',
      '$it',
      '@',
      "duration'P1D'",
      'any',
      '%',
      'é',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((some) => some.join('')),
        ),
        (filter) => {
          refusal(filter)
        },
      ),
      RUNS,
    )
  })

  it('of hundreds of conditions is read', () => {
    expect(takes(Array.from({ length: 500 }, (_, index) => `id eq 'x${index}'`).join(' or '), ROW)).toBe(false)
  })
})
