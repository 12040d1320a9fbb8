import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonFault } from '../../src/catalogue/json-scan.ts'
import { JsonValues, type Wanted } from '../../src/catalogue/json-values.ts'

const LIMITS = { depth: 40, values: 10_000, valueBytes: 1_000_000 }

const WANTED: Wanted = {
  members: {
    head: { take: 'head' },
    tree: { members: { names: { items: { take: 'name' } } } },
    list: { items: { members: { a: { take: 'a' }, b: { take: 'b' } }, ends: 'item' } },
  },
}

/** What is told of a text that comes in pieces of these lengths, over and over. */
function told(text: string | Buffer, lengths: readonly number[] = [text.length], limits = LIMITS): unknown[] {
  const heard: unknown[] = []
  const values = new JsonValues(WANTED, limits, {
    value: (name, bytes) => heard.push([name, bytes === undefined ? 'too long' : (JSON.parse(bytes.toString()) as unknown)]),
    ends: (name) => heard.push([name]),
  })
  const bytes = Buffer.from(text)
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = at + Math.max(1, lengths[turn % lengths.length] ?? 1)
    values.push(bytes.subarray(at, end))
    at = end
  }
  values.end()
  return heard
}

/** The same, by a parser that has all of it. */
function expected(document: Record<string, unknown>): unknown[] {
  const heard: unknown[] = []
  for (const [key, value] of Object.entries(document)) {
    if (key === 'head') heard.push(['head', value])
    if (key === 'tree' && isObject(value) && Array.isArray(value['names']))
      for (const name of value['names'] as unknown[]) heard.push(['name', name])
    if (key === 'list' && Array.isArray(value)) for (const item of value as unknown[]) heard.push(...ofItem(item))
  }
  return heard
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const ofItem = (item: unknown): unknown[] =>
  isObject(item) ? [...Object.entries(item).filter(([key]) => key === 'a' || key === 'b'), ['item']] : []

const anything = fc.jsonValue({ maxDepth: 3 })
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\\"', '{[', ']}', 'é😀\n'))
const item = fc.oneof(anything, fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd"\\'), fc.oneof(anything, text)))
const document = fc
  .record(
    {
      head: fc.oneof(anything, text),
      tree: fc.oneof(anything, fc.record({ names: fc.array(anything), other: text }, { requiredKeys: [] })),
      list: fc.oneof(anything, fc.array(item)),
      other: fc.oneof(anything, text),
    },
    { requiredKeys: [] },
  )
  .map((of) => JSON.parse(JSON.stringify(of)) as Record<string, unknown>)

describe('values that are taken while a text comes', () => {
  it('are those that a parser finds that has all of it, in whatever pieces and with whatever blanks it comes', () => {
    fc.assert(
      fc.property(
        document,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        fc.constantFrom('', ' ', '\t\r\n'),
        (of, lengths, blanks) => {
          expect(told(JSON.stringify(of, null, blanks) + blanks, lengths)).toEqual(expected(of))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('are none of a text that breaks off, wherever it does', () => {
    fc.assert(
      fc.property(document, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (of, share) => {
        const bytes = Buffer.from(JSON.stringify(of))
        expect(() => told(bytes.subarray(0, Math.floor(bytes.length * share)))).toThrow(JsonFault)
      }),
    )
  })

  it.each([
    '',
    '[]',
    '1',
    '"x"',
    '{} {}',
    '{"a" 1}',
    '{"a":1,}',
    '{,}',
    '{"list":[1,]}',
    '{"list":[1 2]}',
    '{"list":[1}',
    'nonsense',
    '{"a":x}',
  ])('are none of %j, which is no document', (of) => {
    expect(() => told(of)).toThrow(JsonFault)
  })

  it('may have a byte order mark before them', () => {
    expect(told('\ufeff{"head":1}', [1])).toEqual([['head', 1]])
  })

  it('are left out where they are too long, and nothing beside them', () => {
    const of = { list: [{ a: 'x'.repeat(90), b: 1 }], head: 2 }
    for (const lengths of [[1], [7], [1000]]) {
      expect(told(JSON.stringify(of), lengths, { ...LIMITS, valueBytes: 50 })).toEqual([['a', 'too long'], ['b', 1], ['item'], ['head', 2]])
    }
  })

  it('are none of a text with more of them, or deeper ones, than there may be', () => {
    expect(() => told(JSON.stringify({ tree: { names: Array(9).fill(0) } }), [5], { ...LIMITS, values: 8 })).toThrow(/more than 8 values/)
    const deep = `${'['.repeat(41)}${']'.repeat(41)}`
    expect(() => told(`{"head":${deep}}`)).toThrow(/more than 40 levels deep/)
    expect(() => told(`{"other":${deep}}`)).toThrow(/more than 40 levels deep/)
  })

  it('are not taken of a name as long as a book', () => {
    expect(told(`{"${'k'.repeat(5_000)}":1,"head":2}`, [100])).toEqual([['head', 2]])
  })
})
