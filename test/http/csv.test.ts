import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCsv } from '../../src/http/csv.ts'
import { readCsv } from '../support/read-csv.ts'

const csv = (rows: { a?: string | number | null; b?: string[] }[]) => [...toCsv(rows, ['a', 'b'])].join('')

describe('CSV', () => {
  it('has a header and CRLF, also without rows', () => {
    expect(csv([])).toBe('a,b\r\n')
    expect(csv([{ a: 1, b: ['x', 'y'] }, { a: null }])).toBe('a,b\r\n1,x; y\r\n,\r\n')
  })

  it('reads back as what was written, whatever the text, formulas with an apostrophe in front', () => {
    const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a,b', '"', '""', '\r\n', 'x\ny', '=1', ' ', '\t', "'", '-1', ';', 'ä'))
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 1200 }), (values) => {
        const rows = values.map((a) => ({ a, b: [] }))
        const read = readCsv(csv(rows)).slice(1).map(([a]) => a)
        expect(read.map((cell, index) => (cell === `'${values[index]}` ? cell.slice(1) : cell))).toEqual(values)
      }),
      { numRuns: 50 },
    )
  })

  it('neutralises every cell that a spreadsheet would run', () => {
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '＝1', '=HYPERLINK("http://x","y")']
    const cells = readCsv(csv(formulas.map((a) => ({ a })))).slice(1).map(([a]) => a ?? '')
    for (const cell of cells) expect(cell).toMatch(/^'/)
    expect(readCsv(csv([{ a: 'x', b: ['=1+1', 'y'] }]))[1]).toEqual(['x', "'=1+1; y"])
  })

  it('leaves numbers and plain text alone', () => {
    expect(readCsv(csv([{ a: 5 }, { a: 'KB=1' }, { a: 'a-b@c' }])).slice(1)).toEqual([['5', ''], ['KB=1', ''], ['a-b@c', '']])
  })

  it('comes in pieces, with one header', () => {
    const chunks = [...toCsv(Array.from({ length: 1201 }, (_, a) => ({ a })), ['a'])]
    expect(chunks.length).toBe(3)
    expect(readCsv(chunks.join('')).map(([a]) => a)).toEqual(['a', ...Array.from({ length: 1201 }, (_, a) => String(a))])
  })
})
