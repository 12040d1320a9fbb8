import { describe, expect, test } from 'vitest'
import type { Quota } from '../../../src/defender/budget/quota.ts'
import { HOUR, MINUTE, REFERENCE_MS, SECOND } from './units.ts'
import { World, isSliceWorthIt, mostIn, runSlice, type TimeSource } from './world.ts'

const HOURS = 5

/** Ticks every minute, up to 200 ms late; slices of 45 s with 8 workers and endless work; calls of 50 to 500 ms. */
async function run(quota: Quota, timeSource: TimeSource): Promise<World> {
  const world = new World({ quota, seed: 7, timeSource, latencyMs: [50, 500] })
  for (let tick = 0; tick < HOURS * 60; tick++) {
    await world.pass(Math.max(0, REFERENCE_MS + tick * MINUTE + world.between([0, 200]) - world.nowMs))
    if (!isSliceWorthIt(world)) continue
    await runSlice(world, { sliceMs: 45 * SECOND, workers: 8, work: Infinity, killAtStep: 0 })
  }
  return world
}

/**
 * Share of the quota that was used. The whole is quota times duration: what no scheduler can exceed for long, though one that knew when its calls
 * arrive could reach it. One that counts a call at its answer cannot: each minute of calls comes back one latency after it was sent.
 */
function share(world: World, { perMinute, perHour }: Quota): number {
  return world.arrivals.filter((arrivalMs) => arrivalMs < REFERENCE_MS + HOURS * HOUR).length / (Math.min(perMinute * 60, perHour) * HOURS)
}

describe('an uninterrupted run uses at least 98 % of what it may', () => {
  test.each([
    ['the hour, by default', { perMinute: 50, perHour: 1_500 }, 'etag'],
    ['the hour, with the documented quota of machines', { perMinute: 100, perHour: 1_500 }, 'etag'],
    ['the hour, with the time known to the second only', { perMinute: 50, perHour: 1_500 }, 'date'],
    ['the minute, with a small quota', { perMinute: 10, perHour: 1_500 }, 'etag'],
    ['the minute, with a large quota', { perMinute: 50, perHour: 100_000 }, 'etag'],
    ['the minute, by a wall clock', { perMinute: 50, perHour: 100_000 }, 'wall'],
  ] as const)('bound by %s', async (_, quota, timeSource) => {
    const world = await run(quota, timeSource)
    expect(share(world, quota)).toBeGreaterThanOrEqual(0.98)
    expect(mostIn(MINUTE, world.arrivals)).toBeLessThanOrEqual(quota.perMinute)
    expect(mostIn(HOUR, world.arrivals)).toBeLessThanOrEqual(quota.perHour)
  })
})
