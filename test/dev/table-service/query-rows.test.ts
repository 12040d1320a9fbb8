import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UNDISTURBED } from '../../../dev/table-service/behaviour.ts'
import { type Filter, parseFilter } from '../../../dev/table-service/filter.ts'
import { matches } from '../../../dev/table-service/filter-match.ts'
import { queryRows } from '../../../dev/table-service/query-rows.ts'
import { createRow, keyOf, type Row } from '../../../dev/table-service/row.ts'
import { SortedMap } from '../../../dev/table-service/sorted-map.ts'

const keyText = fc.string({ maxLength: 2, unit: fc.constantFrom('a', 'b', '|', '}') })
const comparison: fc.Arbitrary<Filter> = fc.record({
  kind: fc.constant('comparison' as const),
  property: fc.constantFrom('PartitionKey', 'RowKey', 'n'),
  operator: fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'),
  literal: keyText.map((value) => ({ type: 'string' as const, value })),
})
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    comparison,
    fc.record({ kind: fc.constantFrom('and', 'and', 'or'), left: tie('filter'), right: tie('filter') }),
    fc.record({ kind: fc.constant('not'), operand: tie('filter') }),
  ),
}))

function tableOf(keys: readonly (readonly [string, string])[]): SortedMap<Row> {
  const rows = new SortedMap<Row>()
  for (const [partitionKey, rowKey] of keys) rows.set(keyOf(partitionKey, rowKey), createRow('', { n: rowKey }, 1))
  return rows
}

const FEW = tableOf(
  ['', 'a', 'ab', 'a|', 'b', 'b}'].flatMap((partition) => ['', 'a', 'aa', 'a|', 'a}', 'b', 'bb'].map((row) => [partition, row] as const)),
)

function allKeys(rows: SortedMap<Row>): string[] {
  const keys: string[] = []
  rows.scan('', (key) => keys.push(key) > 0)
  return keys
}

describe('a query', () => {
  it('finds exactly the rows that match, whatever the filter', () => {
    fc.assert(
      fc.property(filter, (each) => {
        const found = queryRows(FEW, { filter: each, top: 1000, continueFrom: undefined }, UNDISTURBED).rows.map(({ key }) => key)
        expect(found).toEqual(allKeys(FEW).filter((key) => matches(each, key, FEW.get(key) as Row)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('loses and repeats nothing over pages, however they end', () => {
    const habits = fc.record({ scannedRowsPerPage: fc.integer({ min: 0, max: 5 }), pageEndsAtPartition: fc.boolean() })
    fc.assert(
      fc.property(filter, habits, fc.integer({ min: 1, max: 7 }), (each, habit, top) => {
        const found: string[] = []
        let continueFrom: string | undefined
        do {
          const page = queryRows(FEW, { filter: each, top, continueFrom }, { ...UNDISTURBED, ...habit })
          expect(page.rows.length).toBeLessThanOrEqual(top)
          found.push(...page.rows.map(({ key }) => key))
          continueFrom = page.nextKey
        } while (continueFrom !== undefined)
        expect(found).toEqual(queryRows(FEW, { filter: each, top: 1000, continueFrom: undefined }, UNDISTURBED).rows.map(({ key }) => key))
      }),
    )
  })

  it.each([
    ["PartitionKey eq 'p050' and RowKey eq 'r050'", 1, 1],
    ["PartitionKey eq 'p050' and RowKey gt 'r010' and RowKey lt 'r020'", 9, 9],
    ["PartitionKey eq 'p050'", 100, 100],
    ["PartitionKey ge 'p050' and PartitionKey lt 'p052'", 200, 200],
    ["PartitionKey gt 'p050' and PartitionKey le 'p052'", 200, 200],
    ["PartitionKey eq 'p050' and n eq 'r007'", 1, 100],
    ["PartitionKey eq 'p050' and (RowKey eq 'r010' or RowKey eq 'r019')", 2, 10],
    ["PartitionKey eq 'p050' and PartitionKey eq 'p051'", 0, 0],
  ])('%s returns %i rows and looks at %i of 10,000', (text, returned, scanned) => {
    const name = (index: number) => String(index).padStart(3, '0')
    const many = tableOf(
      Array.from({ length: 10_000 }, (_, index) => [`p${name(Math.floor(index / 100))}`, `r${name(index % 100)}`] as const),
    )
    const page = queryRows(many, { filter: parseFilter(text), top: 1000, continueFrom: undefined }, UNDISTURBED)
    expect({ returned: page.rows.length, scanned: page.scanned }).toEqual({ returned, scanned })
  })
})
