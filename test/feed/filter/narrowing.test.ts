import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bindFilter } from '../../../src/feed/filter/bind-filter.ts'
import { parseFilter } from '../../../src/feed/filter/parse-filter.ts'
import type { FeedRow } from '../../../src/feed/filter/value.ts'
import type { EntitySet } from '../../../src/feed/model.ts'
import { sorted } from '../feed.ts'
import { type History, tenantEntitySets } from '../history.ts'
import { startHistoryFeed } from '../history-feed.ts'
import { joined } from './filters.ts'

const NARROWED = ['machineId', 'kbId', 'snapshotId', 'at', 'startedAt']
const OPERATORS = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le')

let feed: Awaited<ReturnType<typeof startHistoryFeed>>['feed']
let history: History
beforeAll(async () => {
  ;({ feed, history } = await startHistoryFeed())
})
afterAll(() => feed.service.close())

/** What is done to a text, or to an instant, on either side of a comparison: most often nothing, so that keys are narrowed. */
const TEXTS = ['_', '_', '_', 'tolower(_)', 'toupper(_)', 'trim(_)', "concat(_,'')", "concat('',_)", 'substring(_,0)', 'substring(_,1)']
const INSTANTS = ['_', '_', '_', 'date(_)']
const NUMBERS = ['year(_)', 'month(_)', 'day(_)', 'day(_) add 1', '-day(_)', 'hour(_) mul 2', 'day(_) mod 2', 'totaloffsetminutes(_)']

const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`
const wrapped = (shapes: readonly string[], operand: string) => fc.constantFrom(...shapes).map((shape) => shape.replace('_', () => operand))

/** A comparison of one of the properties that narrow, with what one of the rows has there. */
function comparisonOf(set: EntitySet, rows: readonly FeedRow[]): fc.Arbitrary<string> {
  const properties = set.properties.filter(({ name }) => NARROWED.includes(name))
  return fc.tuple(fc.constantFrom(...properties), fc.constantFrom(...rows), OPERATORS).chain(([{ name, type }, row, operator]) => {
    const value = String(row[name])
    const literals = type === 'Edm.String' ? [value, value.toLowerCase(), value.toUpperCase()].map(quoted) : [value]
    const compared = (left: readonly string[], right: readonly string[]) =>
      fc
        .tuple(wrapped(left, name), fc.oneof(...literals.map((literal) => wrapped(right, literal))), fc.boolean())
        .map(([one, other, mirrored]) => (mirrored ? `${other} ${operator} ${one}` : `${one} ${operator} ${other}`))
    if (type === 'Edm.DateTimeOffset') {
      return fc.oneof(
        { weight: 3, arbitrary: compared(INSTANTS, INSTANTS) },
        { weight: 2, arbitrary: compared(['date(_)', '_'], [value.slice(0, 10)]) },
        compared(NUMBERS, NUMBERS),
        compared(['_'], ['now()', 'mindatetime()', 'maxdatetime()']),
        compared(['time(_)'], ['time(_)', '02:00', '12:00:00']),
      )
    }
    return fc.oneof(
      { weight: 4, arbitrary: compared(TEXTS, TEXTS) },
      wrapped(TEXTS, name).map((operand) => `${operand} in (${quoted(value)},${quoted(value.toLowerCase())})`),
      wrapped(TEXTS, name).map((operand) => `startswith(${operand},${quoted(value.slice(0, 3))})`),
      compared(['length(_)', "indexof(_,'0')", 'length(_) sub 1'], ['length(_)', "indexof(_,'1')"]),
    )
  })
}

/** What clients send of texts where letter case is to be ignored, for values whose case matters. */
function caseless(set: EntitySet, rows: readonly FeedRow[]): string[] {
  const names = set.properties.filter(({ name, type }) => NARROWED.includes(name) && type === 'Edm.String').map(({ name }) => name)
  return names.flatMap((name) => {
    const values = rows.map((row) => String(row[name]))
    const [lower, upper] = [(text: string) => text.toLowerCase(), (text: string) => text.toUpperCase()]
    const [shouted, said] = [values.find((value) => value !== lower(value)), values.find((value) => value !== upper(value))]
    return [
      ...(shouted === undefined
        ? []
        : [`tolower(${name}) eq ${quoted(lower(shouted))}`, `tolower(${name}) in (${quoted(lower(shouted))})`]),
      ...(said === undefined ? [] : [`toupper(${name}) eq ${quoted(upper(said))}`, `${quoted(upper(said))} eq toupper(${name})`]),
    ]
  })
}

describe('the answer through the keys that a filter leaves', () => {
  it.each(tenantEntitySets.map((set) => [set.name as keyof History['rows'], set] as const))(
    'is of %s what the filter takes of all rows, whatever functions it has',
    async (name, set) => {
      const rows = history.rows[name]
      const nowMs = feed.services.outside.clock.now()
      const comparison = comparisonOf(set, rows)
      let some = 0
      await fc.assert(
        fc.asyncProperty(fc.oneof(comparison, joined(comparison)), async (filter) => {
          const expected = rows.filter(bindFilter(parseFilter(filter, nowMs), set))
          if (expected.length > 0 && expected.length < rows.length) some += 1
          expect(sorted((await feed.rows(`/${name}?$filter=${filter}`)).rows), filter).toEqual(sorted(expected))
        }),
        { numRuns: 150, examples: caseless(set, rows).map((filter): [string] => [filter]) },
      )
      expect(some).toBeGreaterThan(10)
    },
    60_000,
  )
})
