import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCsv } from '../../src/http/csv.ts'
import { readCsv } from '../support/read-csv.ts'

const csv = (rows: { a?: string | number | null; b?: string[] }[]) => [...toCsv(rows, ['a', 'b'])].join('')

/** Without those that stand before what a spreadsheet would run. */
const withoutApostrophes = (text: string) => text.replace(/(^|[;\r\n])([\s\0"]*)'(?=[\s\0"]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\t\r])/g, '$1$2')

/** The cells as a spreadsheet has them where semicolons separate: quotes count only where a cell begins, and a comma is any character. */
function cellsBetweenSemicolons(text: string): string[] {
  const cells: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"?)?([^;\r\n]*)(;|\r\n|\r|\n|$)/gy
  while (cell.lastIndex < text.length) {
    const [, quoted = '', plain = ''] = cell.exec(text) ?? []
    cells.push(quoted.replaceAll('""', '"') + plain)
  }
  return cells
}

describe('CSV', () => {
  it('has a header and CRLF, also without rows', () => {
    expect(csv([])).toBe('a,b\r\n')
    expect(csv([{ a: 1, b: ['x', 'y'] }, { a: null }])).toBe('a,b\r\n1,x; y\r\n,\r\n')
  })

  it('reads back as what was written, whatever the text, formulas with an apostrophe in front', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('a,b', '"', '""', '\r\n', 'x\ny', '=1', ' ', '\t', "'", '-1', ';', 'ä', 'x;=1', 'a; b', 'x\n=1'),
    )
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 1200 }), (values) => {
        const rows = values.map((a) => ({ a, b: [] }))
        const read = readCsv(csv(rows))
          .slice(1)
          .map(([a]) => a ?? '')
        expect(read.map(withoutApostrophes)).toEqual(values.map(withoutApostrophes))
      }),
      { numRuns: 50 },
    )
  })

  it('neutralises every cell that a spreadsheet would run', () => {
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '＝1', '=HYPERLINK("http://x","y")']
    const cells = readCsv(csv(formulas.map((a) => ({ a }))))
      .slice(1)
      .map(([a]) => a ?? '')
    for (const cell of cells) expect(cell).toMatch(/^'/)
    expect(readCsv(csv([{ a: 'x', b: ['=1+1', 'y'] }]))[1]).toEqual(['x', "'=1+1; y"])
  })

  it.each([
    "x;=cmd|' /C calc'!A0",
    'x; =1',
    'x;\t=1',
    'x;+1',
    'x;-1',
    'x;@SUM(A1)',
    'x;＝1',
    'x;"=1',
    'x;" "=1;y',
    ';=1',
    ';;=1',
    'a;b;=1',
    'x\n=1',
    'x\r\n;=1',
    'x;\n=1',
    '"\n=1',
  ])('neutralises %j where semicolons separate, too', (text) => {
    for (const row of [{ a: text }, { a: 'x', b: ['y', text] }]) {
      const cells = cellsBetweenSemicolons(csv([{ a: 'x' }, row]))
      expect(cells.length).toBeGreaterThan(1)
      expect(cells.filter((cell) => /^[\s\0]*[=+\-@\uFF1D]/.test(cell))).toEqual([])
    }
  })

  it('leaves numbers and plain text alone', () => {
    const plain = ['KB=1', 'a-b@c', 'a; b', 'a;b-c', '2026-06 Update; x64', "it's; O'Brien", ';', 'a;\r\nb', 'x,=1']
    expect(readCsv(csv([{ a: 5 }, ...plain.map((a) => ({ a }))])).slice(1)).toEqual([['5', ''], ...plain.map((a) => [a, ''])])
    expect(readCsv(csv([{ b: ['windows_10', 'windows_11'] }]))[1]).toEqual(['', 'windows_10; windows_11'])
  })

  it('takes time that grows with the text and no faster', () => {
    const text = '\n" '.repeat(40_000)
    const began = performance.now()
    expect(csv([{ a: text }]).length).toBeGreaterThan(text.length)
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  it('comes in pieces, with one header', () => {
    const chunks = [
      ...toCsv(
        Array.from({ length: 1201 }, (_, a) => ({ a })),
        ['a'],
      ),
    ]
    expect(chunks.length).toBe(3)
    expect(readCsv(chunks.join('')).map(([a]) => a)).toEqual(['a', ...Array.from({ length: 1201 }, (_, a) => String(a))])
  })
})
