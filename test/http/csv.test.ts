import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Column } from '../../src/http/columns.ts'
import { csvHeader, csvRows } from '../../src/http/csv.ts'
import { ROW_FORMATS, toText } from '../../src/http/row-format.ts'
import { readCsv } from '../support/read-csv.ts'

const column = (name: string, isInstant = false): Column => ({ name, path: [name], isInstant })
const COLUMNS = [column('a'), column('b')]

const csv = (rows: { a?: string | number | null; b?: string[] }[]) => csvHeader(COLUMNS) + csvRows(rows, COLUMNS, 'program')

/** The cells of one column as people get them. */
const forPeople = (values: unknown[], isInstant = false) =>
  readCsv(
    csvRows(
      values.map((a) => ({ a })),
      [column('a', isInstant)],
      'person',
    ),
  ).map(([cell]) => cell)

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

  it('comes in pieces, with one header', async () => {
    const rows = Array.from({ length: 1201 }, (_, a) => ({ a }))
    const chunks: string[] = []
    for await (const chunk of toText([[], rows.slice(0, 1), [], rows.slice(1)], ROW_FORMATS.csv, [column('a')])) chunks.push(chunk)
    expect(chunks.length).toBe(6)
    expect(readCsv(chunks.join('')).map(([a]) => a)).toEqual(['a', ...Array.from({ length: 1201 }, (_, a) => String(a))])
  })
})

describe('CSV for people', () => {
  it('has texts that a spreadsheet would take for numbers or days as texts', () => {
    const taken = [
      '5094127',
      '0012',
      '1.5',
      '1,5',
      '2026-06-12',
      '12:30',
      '1-2',
      '24E2',
      '1e5',
      'MAY1',
      'Dec-01',
      '3 june',
      '12 Jan 2026',
      '1 2',
    ]
    expect(forPeople(taken)).toEqual(taken.map((text) => `="${text}"`))
    expect(forPeople([['5094127']])).toEqual(['="5094127"'])
    const left = ['pc-01', '24H2', 'Windows11', 'maria', 'KB 5094127', '0a1b', 'decimal', '1"&x', '', ['1', '2'], '9'.repeat(256)]
    expect(forPeople(left)).toEqual(left.map((text) => (Array.isArray(text) ? text.join('; ') : text)))
  })

  it('has numbers as numbers and neutralises what would be run', () => {
    expect(forPeople([7, -1.5, '=1+1', '-1', '@x', 'x;=1', '="1"&cmd'])).toEqual(['7', '-1.5', "'=1+1", "'-1", "'@x", "x;'=1", `'="1"&cmd`])
  })

  it('runs nothing but the text of a text, whatever it is', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'019.,:/ -eE+="\n;MAYmay') })), (text) => {
        const [cell = ''] = forPeople([text])
        if (/^[\s\0]*[=+\-@]/.test(cell)) expect(cell).toBe(`="${text}"`)
        if (cell.startsWith('=')) expect(text).toMatch(/^[\d.,:/ \-a-z+]{1,255}$/i)
      }),
    ))

  it('has instants without offset and fraction', () => {
    const instants = ['2026-06-12T02:00:00Z', '2026-06-12T02:00:00.123Z', null]
    expect(forPeople(instants, true)).toEqual(['2026-06-12 02:00:00', '2026-06-12 02:00:00', ''])
  })
})
