import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BATCH_LIMITS, batchesBeside, type EncodedRow, toBatches } from '../../src/store/batch.ts'

const rowsOf = (textLengths: fc.Arbitrary<number>, count: number) =>
  fc
    .array(
      fc.record({
        partitionKey: fc.constantFrom('p', 'q'),
        rowKey: fc.integer({ min: 0, max: 400 }).map(String),
        textLength: textLengths,
        n: fc.nat(),
      }),
      { maxLength: count, size: 'max' },
    )
    .map((rows) => rows.map(({ textLength, ...row }): EncodedRow => ({ ...row, text: 'é'.repeat(textLength) })))

const anyRows = fc.oneof(rowsOf(fc.constant(0), 600), rowsOf(fc.integer({ min: 0, max: 30_000 }), 300))
const bytesOf = (rows: readonly EncodedRow[]) =>
  rows.reduce((sum, row) => sum + Buffer.byteLength(JSON.stringify(row)) + BATCH_LIMITS.bytesOfHeaders, 0)
/** A counterexample of hundreds of rows is not made smaller within reason. */
const RUNS = { numRuns: 50, endOnFailure: true }
const placeOf = (row: EncodedRow) => `${row.partitionKey} ${row.rowKey}`

describe('batches', () => {
  it('keep to one partition, 100 rows, the bytes of a transaction, and each row once', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        for (const batch of toBatches(rows, 'Replace')) {
          expect(batch.length).toBeGreaterThan(0)
          expect(batch.length).toBeLessThanOrEqual(100)
          expect(bytesOf(batch)).toBeLessThanOrEqual(3 * 1024 * 1024)
          expect(new Set(batch.map((row) => row.partitionKey)).size).toBe(1)
          expect(new Set(batch.map(placeOf)).size).toBe(batch.length)
        }
      }),
      RUNS,
    )
  })

  it('write what writing the rows one after another would', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const oneByOne = new Map(rows.map((row) => [placeOf(row), row]))
        const written = toBatches(rows, 'Replace').flat()
        expect(new Map(written.map((row) => [placeOf(row), row]))).toEqual(oneByOne)
        expect(written).toHaveLength(oneByOne.size)
      }),
      RUNS,
    )
  })

  it('lay a merge of the same row over the one before it, and let a replacement take its place', () => {
    const rows: EncodedRow[] = [
      { partitionKey: 'p', rowKey: 'r', one: 1, both: 1 },
      { partitionKey: 'p', rowKey: 'r', two: 2, both: 2 },
    ]
    expect(toBatches(rows, 'Merge')).toEqual([[{ partitionKey: 'p', rowKey: 'r', one: 1, two: 2, both: 2 }]])
    expect(toBatches(rows, 'Replace')).toEqual([[rows[1]]])
  })

  it('are as few as the limits allow, and keep neighbours together', () => {
    const rows = Array.from({ length: 250 }, (_, index): EncodedRow => ({ partitionKey: index % 2 ? 'q' : 'p', rowKey: String(index) }))
    expect(toBatches(rows, 'Replace').map((batch) => batch.length)).toEqual([100, 25, 100, 25])
    expect(toBatches(rows, 'Replace')[0]?.map((row) => row.rowKey)).toEqual(
      rows
        .filter((row) => row.partitionKey === 'p')
        .slice(0, 100)
        .map((row) => row.rowKey),
    )
  })

  it('give a row that is too large for any company a batch of its own', () => {
    const large: EncodedRow = { partitionKey: 'p', rowKey: 'large', text: 'x'.repeat(BATCH_LIMITS.bytes) }
    expect(
      toBatches([{ partitionKey: 'p', rowKey: 'a' }, large, { partitionKey: 'p', rowKey: 'b' }], 'Replace').map((batch) => batch.length),
    ).toEqual([1, 1, 1])
  })

  it('leave room for the row that goes with each of them', () => {
    const beside: EncodedRow = { partitionKey: 'p', rowKey: 'state', pending: 'x'.repeat(240_000) }
    fc.assert(
      fc.property(anyRows, (rows) => {
        const inOne = rows.map((row) => ({ ...row, partitionKey: 'p' }))
        const batches = batchesBeside(beside, inOne)
        expect(batches.length).toBeGreaterThan(0)
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(99)
          expect(bytesOf([...batch, beside])).toBeLessThanOrEqual(BATCH_LIMITS.bytes)
        }
        expect(new Set(batches.flat().map(placeOf))).toEqual(new Set(inOne.map(placeOf)))
      }),
      RUNS,
    )
  })
})
