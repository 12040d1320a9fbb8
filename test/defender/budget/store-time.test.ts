import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localTime } from '../../../src/defender/budget/budget-time.ts'
import { ELAPSED_DRIFT, STORE_SKEW_MS } from '../../../src/defender/budget/policy.ts'
import { readStoreAnswer } from '../../../src/defender/budget/store-reading.ts'
import { createStoreTime } from '../../../src/defender/budget/store-time.ts'
import { HOUR, REFERENCE_MS, SECOND } from './units.ts'

const etagOf = (ms: number): string => `W/"datetime'${encodeURIComponent(new Date(ms).toISOString().replace('Z', '4567Z'))}'"`

describe("reading the store's clock off an answer", () => {
  const date = new Date(REFERENCE_MS)

  test('takes the milliseconds from an ETag that is a time', () => {
    expect(readStoreAnswer({ date, etag: 'W/"datetime\'2026-11-21T10%3A00%3A00.1234567Z\'"' })).toEqual({
      fromMs: REFERENCE_MS + 123,
      toMs: REFERENCE_MS + 124,
    })
  })

  test('takes the second from the Date where the ETag is something else, or another time', () => {
    const second = { fromMs: REFERENCE_MS, toMs: REFERENCE_MS + 1_000 }
    for (const etag of [undefined, '', 'W/"0x8D4"', 'W/"datetime\'soon\'"', 'W/"datetime\'%\'"', etagOf(REFERENCE_MS - HOUR)]) {
      expect(readStoreAnswer({ date, etag })).toEqual(second)
    }
  })

  test('is impossible without a Date', () => {
    expect(readStoreAnswer({ etag: etagOf(REFERENCE_MS) })).toBeUndefined()
    expect(readStoreAnswer({ date: new Date(Number.NaN) })).toBeUndefined()
  })
})

describe("the store's time", () => {
  test('is unknown before the first answer, and after one without a Date', async () => {
    const time = createStoreTime(() => 5)
    expect(time.now()).toBeUndefined()
    await time.learnFrom(async () => undefined)
    await time.learnFrom(async () => ({ etag: etagOf(REFERENCE_MS) }))
    expect(time.now()).toBeUndefined()
  })

  test('always holds the true time, however long answers take and however the clocks drift, and narrows with every answer', async () => {
    const answers = fc.array(
      fc.record({
        pause: fc.nat(HOUR),
        there: fc.nat(3_000),
        back: fc.nat(3_000),
        skew: fc.integer({ min: -STORE_SKEW_MS, max: STORE_SKEW_MS }),
        exact: fc.boolean(),
      }),
      { minLength: 1 },
    )
    await fc.assert(
      fc.asyncProperty(answers, fc.nat(HOUR), fc.constantFrom(-ELAPSED_DRIFT, 0, ELAPSED_DRIFT), async (asked, boot, drift) => {
        let trueMs = REFERENCE_MS
        const time = createStoreTime(() => boot + (trueMs - REFERENCE_MS) / (1 + drift))
        for (const { pause, there, back, skew, exact } of asked) {
          trueMs += pause
          const before = time.now() ?? { earliestMs: -Infinity, latestMs: Infinity }
          expect(before.earliestMs).toBeLessThanOrEqual(trueMs)
          expect(before.latestMs).toBeGreaterThanOrEqual(trueMs)
          await time.learnFrom(async () => {
            const storeMs = (trueMs += there) + skew
            trueMs += back
            return { date: new Date(Math.floor(storeMs / SECOND) * SECOND), etag: exact ? etagOf(storeMs) : 'W/"1"' }
          })
          const now = time.now() ?? { earliestMs: Infinity, latestMs: -Infinity }
          expect(now.earliestMs).toBeLessThanOrEqual(trueMs)
          expect(now.latestMs).toBeGreaterThanOrEqual(trueMs)
          const agedMs = 2 * (there + back) * (1 + ELAPSED_DRIFT) * ELAPSED_DRIFT + 2
          expect(now.latestMs - now.earliestMs).toBeLessThanOrEqual(before.latestMs - before.earliestMs + agedMs)
        }
      }),
    )
  })

  test('follows the store when its clock was set', async () => {
    const time = createStoreTime(() => 0)
    const learn = (ms: number) => time.learnFrom(async () => ({ date: new Date(ms) }))
    await learn(REFERENCE_MS)
    await learn(REFERENCE_MS + HOUR)
    expect(time.now()).toEqual({ earliestMs: REFERENCE_MS + HOUR - STORE_SKEW_MS, latestMs: REFERENCE_MS + HOUR + SECOND + STORE_SKEW_MS })
  })

  test('passes a failed write on', async () => {
    await expect(createStoreTime(() => 0).learnFrom(() => Promise.reject(new Error('412')))).rejects.toThrow('412')
  })
})

test('a local clock is taken at its word, to the millisecond it shows', () => {
  expect(localTime({ now: () => 5, sleep: async () => undefined }).now()).toEqual({ earliestMs: 5, latestMs: 6 })
})
