import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { bindFilter } from '../../../src/feed/filter/bind-filter.ts'
import { constantsAt, FUNCTIONS } from '../../../src/feed/filter/functions.ts'
import { parseFilter } from '../../../src/feed/filter/parse-filter.ts'
import { isPossible, possibleValuesOf } from '../../../src/feed/filter/possible-values.ts'
import type { FeedRow } from '../../../src/feed/filter/value.ts'
import { calculations, keyOf, PROBE_SET, TEXTS } from './filters.ts'

const NOW = Date.parse('2026-06-12T12:00:00.250Z')
const takes = (filter: string, row: FeedRow) => bindFilter(parseFilter(filter, NOW), PROBE_SET)(row)
const ROW: FeedRow = { id: ' PC-7.Contoso ', note: null, count: 7, share: -2.5, isOpen: true, at: '2026-05-12T02:03:04.5Z', endedAt: null }

describe('functions of $filter', () => {
  it.each([
    // As clients send them, where letter case is to be ignored: DevExtreme and ag-grid, Kendo, Syncfusion, UI5, Power Query.
    ["contains(tolower(id),'contoso')", true],
    ["(tolower(id) eq ' pc-7.contoso ')", true],
    ["indexof(tolower(id),'pc-7') ge 0", true],
    ["indexof(tolower(id),'pc-8') eq -1", true],
    ["startswith(tolower(trim(id)),tolower('PC'))", true],
    ["contains(toupper(id),'CONTOSO')", true],
    ["contains(tolower(id),tolower('PC'))", true],
    ["tolower(id) in (' pc-7.contoso ','x')", true],
    ["substring(id,1,4) eq 'PC-7'", true],
    ['year(at) eq 2026 and month(at) eq 5 and day(at) eq 12', true],
    ['date(at) eq 2026-05-12', true],
    ['date(at) lt 2026-05-12', false],
    ["not contains(tolower(id),'linux')", true],
    // The rest of the language.
    ['length(id) eq 14', true],
    ["length('😀') eq 2", true],
    ["substring(id,5) eq '.Contoso '", true],
    ["substring(id,-3,3) eq ' PC'", true],
    ["substring(id,99) eq ''", true],
    ["substring(id,1,-1) eq ''", true],
    ["concat(concat(trim(id),'/'),'x') eq 'PC-7.Contoso/x'", true],
    ['hour(at) eq 2 and minute(at) eq 3 and second(at) eq 4', true],
    ['fractionalseconds(at) eq 0.5', true],
    ['time(at) lt 02:04', true],
    ['time(at) eq 02:03:04.5', true],
    ['hour(time(at)) eq 2', true],
    ['now() gt at', true],
    ['now() eq 2026-06-12T12:00:00.25Z', true],
    ['at gt mindatetime() and at lt maxdatetime()', true],
    ['count add 1 eq 8', true],
    ['count sub 1 mul 2 eq 5', true],
    ['(count sub 1) mul 2 eq 12', true],
    ['count div 2 eq 3', true],
    ['-count div 2 eq -3', true],
    ['count div 2.5 eq 2.8', true],
    // A number that is written with a fraction is not whole, whatever its value.
    ['count div 2.0 eq 3.5', true],
    ['count div 2e0 eq 3.5', true],
    ['count div -2 eq -3', true],
    ['count div 0.0 eq INF', true],
    ['share div 0 eq -INF', true],
    ['0.0 div 0 ne NaN', true],
    ['0.0 div 0 eq NaN', false],
    ['count mod 0.0 eq count mod 0.0', false],
    ['count mod 0 eq null', true],
    ['round(count) div 2 eq 3.5', true],
    ['- 1 eq -1', true],
    ['--1 eq 1', true],
    ['count sub - 1 eq 8', true],
    ['totaloffsetminutes(at) eq 0', true],
    ['totaloffsetminutes(endedAt) eq null', true],
    ['hour(2026-05-12T02:03:04-00:00) eq 2', true],
    ['second(2026-05-12T02:03:04Z) eq 4', true],
    ["substring(id,length(id) sub 2) eq 'o '", true],
    ['substring(id,null) eq null', true],
    ['share div 2 eq -1.25', true],
    ['count mod 4 eq 3', true],
    ['-count mod 4 eq -3', true],
    ['- count lt 0', true],
    ['-(count) lt 0', true],
    ['round(share) eq -3', true],
    ['floor(share) eq -3', true],
    ['ceiling(share) eq -2', true],
    ['length(id) div 4 eq 3', true],
    // What has a null among its operands is null; so is a whole number that is divided by zero.
    ['tolower(note) eq null', true],
    ["contains(tolower(note),'a')", false],
    ["not contains(tolower(note),'a')", false],
    ["indexof(note,'a') eq -1", false],
    ["concat(note,'x') eq null", true],
    ['year(endedAt) eq null', true],
    ['count add null eq null', true],
    ['-length(note) eq null', true],
    ['count div 0 eq null', true],
    ['count mod 0 eq null', true],
    ['share div 0 eq -INF', true],
    ['length(null) eq null', true],
  ])('%s is %s', (filter, expected) => {
    expect(takes(filter, ROW)).toBe(expected)
  })

  it('are all named by the docs', () => {
    const page = readFileSync(new URL('../../../docs/odata-feed.md', import.meta.url), 'utf8')
    const filterRow = page.split('\n').find((line) => line.startsWith('| `$filter` |')) ?? ''
    for (const name of [...Object.keys(FUNCTIONS), ...Object.keys(constantsAt(NOW))]) expect(filterRow).toMatch(new RegExp(`\\b${name}\\b`))
  })

  it.each(['id', 'at'] as const)('never make a row be passed by, for its %s, that the filter takes', (property) => {
    const rows = TEXTS.map((id, minute) => ({ ...ROW, id, at: `2026-06-12T00:${String(minute).padStart(2, '0')}:00Z` }))
    let taken = 0
    for (const filter of calculations) {
      const possible = possibleValuesOf(parseFilter(filter, NOW), property)
      for (const row of rows.filter((row) => takes(filter, row))) {
        taken += 1
        expect(isPossible(keyOf(row, property), possible), `${filter} of ${JSON.stringify(row)}`).toBe(true)
      }
    }
    expect(taken).toBeGreaterThan(2_000)
  })

  it('within one another are read to a depth, and no further', () => {
    const nested = (depth: number) => `${'tolower('.repeat(depth)}id${')'.repeat(depth)} eq 'x'`
    expect(takes(nested(90), ROW)).toBe(false)
    expect(() => takes(nested(101), ROW)).toThrow('within one another')
    const chained = (length: number) => `length(${'concat('.repeat(length)}id${',id)'.repeat(length)}) eq ${14 * (length + 1)}`
    expect(takes(chained(90), ROW)).toBe(true)
    expect(() => takes(chained(10_000), ROW)).toThrow('within one another')
    expect(() => takes(`${'-'.repeat(101)}count eq 1`, ROW)).toThrow('within one another')
    expect(() => takes(`${'- '.repeat(101)}count eq 1`, ROW)).toThrow('within one another')
  })

  it('in a chain are as long as a line', () => {
    const chain = `${Array.from({ length: 500 }, () => 'count').join(' add ')} eq 3500`
    expect(takes(chain, ROW)).toBe(true)
    for (const [operand, operator] of [
      ['1', 'add'],
      ['1', 'mul'],
      ['true', 'eq'],
      ['1', 'lt'],
    ] as const) {
      expect(() => takes(Array.from({ length: 20_000 }, () => operand).join(` ${operator} `), ROW)).toThrow('operators in a row')
    }
    expect(takes(Array.from({ length: 20_000 }, () => 'true').join(' and '), ROW)).toBe(true)
  })
})
