import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineSplitter } from '../../../src/sources/export/line-splitter.ts'
import { MachineSets } from '../../../src/sources/export/machine-sets.ts'
import { PairRegister } from '../../../src/sources/export/pair-register.ts'
import { RowReader } from '../../../src/sources/export/row-reader.ts'
import { referenceOf } from './reference.ts'
import { idOf, lineOf, membersOf, type TestRow, testRow, writing, type Writing } from './rows.ts'

const PASCAL: Writing = { keyOf: (name) => name, nothing: 'absent', colon: ':', escapes: false, isReversed: false }
const LIMITS = { pieceBytes: 700, longestLineCharacters: 5_000 }

/** Reads a file that comes in chunks which end at these places. */
function read(file: Buffer, cuts: readonly number[] = [], limits = LIMITS) {
  const register = new PairRegister()
  const sets = new MachineSets(register)
  const rows = new RowReader(sets, register)
  const splitter = new LineSplitter(rows, limits)
  const places = [0, ...cuts.map((cut) => cut % (file.length + 1)).sort((one, other) => one - other), file.length]
  places.slice(1).forEach((end, index) => splitter.push(file.subarray(places[index], end)))
  splitter.end()
  const names = new Map(register.takeNames().map((kb) => [kb.kbId, new Map(kb.names)]))
  return { counts: rows.counts, names, machines: [...sets.take()] }
}

const readLines = (lines: readonly string[]) => read(Buffer.from(lines.join('\n')))
const rowOf = (values: Partial<TestRow> = {}): TestRow => ({
  ...{ machine: 1, day: 1, product: 'windows_11', kbId: '5072033', kbName: 'November 2025 Security Updates', url: null },
  ...values,
})
const written = (values: Partial<TestRow> = {}, how = PASCAL) => lineOf(membersOf(rowOf(values)), how)

const broken = fc.constantFrom('{', '<html>', '{"DeviceId":', '[]', 'null', '{"DeviceId":"no id"}', '{}', `${written()}${written()}`)
const blank = fc.constantFrom('', '  ', '\t')
/** Lines of one file: rows as it spells them, and what should not be there. */
const lines = writing.chain((how) =>
  fc.array(fc.oneof({ weight: 8, arbitrary: testRow.map((row) => lineOf(membersOf(row), how)) }, broken, blank), { maxLength: 40 }),
)
const cuts = fc.array(fc.nat(100_000), { maxLength: 12 })

describe('reading rows of an export', () => {
  it('tells what parsing each line tells, however a file spells its members, and wherever its bytes are cut', () => {
    fc.assert(
      fc.property(lines, cuts, fc.constantFrom('\n', '\r\n'), fc.boolean(), (some, places, end, isEnded) => {
        const { counts, ...said } = read(Buffer.from(some.join(end) + (isEnded ? end : '')), places)
        const { counts: expected, names, machines } = referenceOf(some)
        expect(counts).toMatchObject(expected)
        expect(said.machines).toEqual(machines)
        for (const [kbId, called] of names) expect(said.names.get(kbId) ?? new Map(), kbId).toEqual(called)
      }),
      { numRuns: 300 },
    )
  })

  it('takes a file whose rows each spell their members in a way of their own', () => {
    const mixed = fc
      .array(fc.tuple(testRow, writing), { maxLength: 20 })
      .map((rows) => rows.map(([row, how]) => lineOf(membersOf(row), how)))
    fc.assert(
      fc.property(mixed, (some) => {
        expect(readLines(some).machines).toEqual(referenceOf(some).machines)
      }),
    )
  })

  it('tells the same of rows in any order, and of rows that come again', () => {
    const shuffled = fc
      .array(testRow, { maxLength: 20 })
      .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length * 2 })))
    fc.assert(
      fc.property(shuffled, ([rows, again]) => {
        const linesOf = (some: readonly TestRow[]) => some.map((row) => lineOf(membersOf(row), PASCAL))
        expect(readLines(linesOf(again)).machines).toEqual(readLines(linesOf(rows)).machines)
      }),
    )
  })
})

describe('a row without a KB', () => {
  it('says that its machine was assessed, and no more', () => {
    const { machines } = readLines([written({ kbId: null, kbName: 'March 2026 Security Updates' })])
    expect(machines).toMatchObject([{ machineId: idOf(1), osVersion: '10.0.26100.101', kbs: [] }])
  })

  it.each(['RHSA-2024:9315', 'USN-7663-1', '12345', '123456789', '0000000000000000123456'])('counts the id %s as another one', (kbId) => {
    expect(readLines([written({ kbId: '123457' }), written({ kbId })])).toMatchObject({
      counts: { rows: 2, otherIds: 1 },
      machines: [{ kbs: [{ kbId: '123457' }] }],
    })
  })
})

describe('a line that is no row', () => {
  it('is counted where it is too long, and does not fill the memory', () => {
    const long = `{"DeviceId":"${idOf(1)}","DiskPaths":"${'x'.repeat(10_000)}"}`
    const { counts, machines } = readLines([written(), long, written({ machine: 2 })])
    expect(counts).toMatchObject({ rows: 2, brokenLines: 1, longLines: 1 })
    expect(machines.map(({ machineId }) => machineId)).toEqual([idOf(1), idOf(2)])
    expect(read(Buffer.from(long)).counts).toMatchObject({ rows: 0, longLines: 1 })
  })

  it('is two rows without an end between them', () => {
    expect(readLines([written() + written({ machine: 2 })]).counts).toMatchObject({ rows: 0, brokenLines: 1 })
    expect(readLines([written().slice(0, 300) + written({ machine: 2 })]).counts).toMatchObject({ rows: 0, brokenLines: 1 })
  })

  it('may begin with a byte order mark, and is one then', () => {
    expect(readLines([`\uFEFF${written()}`]).counts).toMatchObject({ rows: 1, brokenLines: 0 })
  })
})

describe('the name of the KB id with a small u, in a file that had it with a capital one', () => {
  const odd: Writing = { ...PASCAL, keyOf: (name) => name.replace('UpdateId', 'updateId') }
  const limits = { ...LIMITS, pieceBytes: 2_000 }
  const file = (count: number) =>
    Buffer.from([...Array<string>(count).fill(written()), ...Array<string>(40).fill(written({ kbId: '5073379' }, odd))].join('\n'))

  it('is found from the beginning on', () => {
    expect(read(file(0), [], limits)).toMatchObject({ counts: { brokenLines: 0 }, machines: [{ kbs: [{ kbId: '5073379' }] }] })
  })

  it('is doubted where it comes late: there may be more of them', () => {
    expect(read(file(40), [], limits)).toMatchObject({
      counts: { brokenLines: 1 },
      machines: [{ kbs: [{ kbId: '5072033' }, { kbId: '5073379' }] }],
    })
  })
})

describe('what rows call a KB', () => {
  it('is counted by row, and anew for each file', () => {
    const register = new PairRegister()
    const sets = new MachineSets(register)
    const readFile = (some: readonly string[]) => {
      const splitter = new LineSplitter(new RowReader(sets, register))
      splitter.push(Buffer.from(some.join('\n')))
      splitter.end()
      return register.takeNames()
    }
    const url = 'https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB5072033'
    const january = { kbName: 'January 2026 Security Updates', url }
    expect(readFile([written(january), written(), written(january)])).toEqual([
      {
        kbId: '5072033',
        url,
        names: [
          ['January 2026 Security Updates', 2],
          ['November 2025 Security Updates', 1],
        ],
      },
    ])
    expect(readFile([written()])).toMatchObject([{ kbId: '5072033', names: [['November 2025 Security Updates', 1]] }])
  })

  it('has no address that is not one', () => {
    const register = new PairRegister()
    const splitter = new LineSplitter(new RowReader(new MachineSets(register), register))
    splitter.push(Buffer.from(written({ url: 'javascript:alert(1)' })))
    splitter.end()
    expect(register.takeNames()).toMatchObject([{ url: null }])
  })
})
