import fc from 'fast-check'
import { expect, test } from 'vitest'
import { simulatedClock } from '../../dev/simulated-clock.ts'

const start = Date.UTC(2026, 0, 1)

test('a sleep resolves at once, and the clock stands where it would have ended', async () => {
  const clock = simulatedClock(start)
  await clock.sleep(60_000)
  expect(clock.now()).toBe(start + 60_000)
  await clock.sleep(-5)
  expect(clock.now()).toBe(start + 60_000)
})

test('sleepers side by side end with the longest, however many there are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { minLength: 1 }), async (sleeps) => {
      const clock = simulatedClock(start)
      await Promise.all(sleeps.map((milliseconds) => clock.sleep(milliseconds)))
      expect(clock.now()).toBe(start + Math.max(...sleeps))
    }),
  )
})

test('a clock moved on while somebody sleeps is not moved back by the sleeper', async () => {
  const clock = simulatedClock(start)
  const sleeping = clock.sleep(1_000)
  clock.advance(5_000)
  await sleeping
  expect(clock.now()).toBe(start + 5_000)
})

test('time never runs back', () => {
  const clock = simulatedClock(start)
  clock.set(start + 10)
  expect(clock.now()).toBe(start + 10)
  expect(() => clock.set(start)).toThrow('cannot be set back')
  expect(() => clock.advance(-1)).toThrow('cannot be advanced')
})
