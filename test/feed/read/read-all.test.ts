import { describe, expect, it } from 'vitest'
import { FEED_POLICY } from '../../../src/feed/read/policy.ts'
import { type Purpose, readAll } from '../../../src/feed/read/read-all.ts'
import { numbers } from './numbers.ts'

const { sortedRows, requestsPerWholeRead } = FEED_POLICY

async function countOf(source: ReturnType<typeof numbers>, purpose: Purpose): Promise<number> {
  let count = 0
  for await (const _ of readAll(source.scan(), () => true, purpose)) count += 1
  return count
}

describe('reading all rows', () => {
  it.each(['Sorting', 'Counting'] as const)(
    'for %s takes as many requests as it may make, and fails with the next one',
    async (purpose) => {
      expect(await countOf(numbers(requestsPerWholeRead, 1), purpose)).toBe(requestsPerWholeRead)
      const source = numbers(1_000_000, 1)
      await expect(countOf(source, purpose)).rejects.toThrow(`${purpose} makes ${requestsPerWholeRead} requests to the storage at most`)
      expect(source.read.pages).toBeLessThanOrEqual(requestsPerWholeRead + 1 + FEED_POLICY.sectionsAtOnce)
    },
  )

  it("reads a machine's changes in two years of daily snapshots, a request each", async () => {
    expect(await countOf(numbers(730, 1), 'Sorting')).toBe(730)
  })

  it('to sort holds so many rows and no more; a count, which holds none, goes on', async () => {
    expect(await countOf(numbers(sortedRows, 1_000), 'Sorting')).toBe(sortedRows)
    const source = numbers(sortedRows * 8, 1_000)
    await expect(countOf(source, 'Sorting')).rejects.toThrow(`Sorting looks at ${sortedRows} rows at most`)
    expect(source.read.rows).toBeLessThanOrEqual(sortedRows + (FEED_POLICY.sectionsAtOnce + 1) * 1_000)
    expect(await countOf(source, 'Counting')).toBe(sortedRows * 8)
  })

  it('makes few enough requests that eight at a time, of 20 ms each, end within five seconds', () => {
    expect((requestsPerWholeRead / FEED_POLICY.sectionsAtOnce) * 0.02).toBeLessThanOrEqual(5)
  })
})
