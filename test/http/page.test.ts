import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Batch } from '../../src/history/batch.ts'
import { begun } from '../../src/http/begun.ts'
import { takePage } from '../../src/http/page.ts'

/** What is looked at, in order; each batch has some of them as rows. */
const looks = fc.array(fc.array(fc.boolean(), { maxLength: 5 }), { maxLength: 20 })

async function* batchesAfter(found: readonly boolean[][], after: number, seen: number[]): AsyncGenerator<Batch<number, number>> {
  let place = 0
  for (const batch of found) {
    const places = batch.map((isRow) => ({ isRow, place: (place += 1) })).filter((one) => one.place > after)
    seen.push(places.length)
    yield { rows: places.filter(({ isRow }) => isRow).map((one) => one.place), looked: places.length, at: places.at(-1)?.place }
  }
}

describe('a page', () => {
  it('together with those behind it holds every row once, and looks at a bounded number', () =>
    fc.assert(
      fc.asyncProperty(looks, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 12 }), async (found, limit, lookAtMost) => {
        const all = found.flat().flatMap((isRow, index) => (isRow ? [index + 1] : []))
        const shown: number[] = []
        for (let after: number | undefined = 0; after !== undefined;) {
          const seen: number[] = []
          const page: { rows: number[]; stoppedAt?: number } = await takePage(batchesAfter(found, after, seen), {
            limit,
            lookAtMost,
            positionOf: (row) => row,
          })
          expect(page.rows.length).toBeLessThanOrEqual(limit)
          expect(seen.slice(0, -1).reduce((sum, looked) => sum + looked, 0)).toBeLessThan(lookAtMost)
          expect(page.stoppedAt ?? Infinity).toBeGreaterThan(after)
          shown.push(...page.rows)
          after = page.stoppedAt
        }
        expect(shown).toEqual(all)
      }),
    ))

  it('is as large as a list is, without a limit', async () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => index)
    async function* one(): AsyncGenerator<Batch<number, number>> {
      yield { rows, looked: rows.length }
    }
    const page = await takePage(one(), { limit: Infinity, lookAtMost: Infinity, positionOf: (row) => row })
    expect(page).toEqual({ rows })
  })
})

describe('items that were begun', () => {
  it('fail at once or are all given, and are let go', async () => {
    let isOver = false
    async function* items(count: number) {
      try {
        for (let index = 0; index < count; index++) yield index
        if (count === 0) throw new Error('none')
      } finally {
        isOver = true
      }
    }
    await expect(begun(items(0))).rejects.toThrow('none')
    const all: number[] = []
    for await (const item of await begun(items(3))) all.push(item)
    expect(all).toEqual([0, 1, 2])
    isOver = false
    await (await begun(items(3)))[Symbol.asyncIterator]().return?.()
    expect(isOver).toBe(true)
  })
})
