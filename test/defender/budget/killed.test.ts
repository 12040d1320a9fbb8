import { describe, expect, test } from 'vitest'
import { MACHINES_QUOTA, type Quota } from '../../../src/defender/budget/index.ts'
import { MINUTE, REFERENCE_MS, SECOND } from './units.ts'
import { World, runSlice } from './world.ts'

const KILLS = 10
const SLICE = { sliceMs: 45 * SECOND, workers: 8, work: 100 }
const DEFAULT_QUOTA = { perMinute: 50, perHour: 1_500 }

const worldOf = (quota: Quota, seed: number) => new World({ quota, seed, timeSource: 'etag', latencyMs: [200, 200] })

/** Slices on end, each killed at an await; calls that they sent, and those that the next slice has at once. */
async function killTen(quota: Quota, killAtStep: number): Promise<{ sent: number; left: number }> {
  const world = worldOf(quota, killAtStep)
  for (let kill = 0; kill < KILLS; kill++) {
    await runSlice(world, { ...SLICE, killAtStep })
    await world.pass(3 * SECOND)
  }
  const sent = world.arrivals.length
  const next = await runSlice(world, { ...SLICE, maxPauseMs: 0, killAtStep: 0 })
  return { sent, left: next?.calls ?? 0 }
}

describe('ten killed slices on end', () => {
  test.each([
    ['for KBs', DEFAULT_QUOTA],
    ['for machines', MACHINES_QUOTA],
  ])('forfeit at most half a minute of calls %s when they die with their first calls', async (_, quota) => {
    for (let killAtStep = 1; killAtStep <= 8; killAtStep++) {
      const { sent, left } = await killTen(quota, killAtStep)
      expect(sent + left, `killed at await ${killAtStep}`).toBeGreaterThanOrEqual(quota.perMinute / 2 - KILLS / 2)
      expect(left, `killed at await ${killAtStep}`).toBeGreaterThan(0)
    }
  })
})

test('a slice that is killed when it has waited for calls forfeits a first reservation at most', async () => {
  // The first awaits after it has learnt the time: it waits, and stores its reservation.
  for (const killAtStep of [4, 5, 6]) {
    const world = worldOf({ perMinute: 50, perHour: 100_000 }, 1)
    await runSlice(world, { ...SLICE, work: 50, killAtStep: 0 })
    await world.pass(40 * SECOND)
    await runSlice(world, { ...SLICE, killAtStep })
    await world.pass(20 * SECOND)
    const next = await runSlice(world, { ...SLICE, maxPauseMs: 0, killAtStep: 0 })
    expect(next?.calls, `killed at await ${killAtStep}`).toBeGreaterThanOrEqual(47)
  }
})

test('a slice that is killed anywhere stops none that comes two minutes later, when the usual lease has run out', async () => {
  for (let killAtStep = 4; killAtStep <= 120; killAtStep += 3) {
    const world = worldOf(DEFAULT_QUOTA, killAtStep)
    await runSlice(world, { ...SLICE, killAtStep })
    await world.pass(REFERENCE_MS + 2 * MINUTE - world.nowMs)
    const next = await runSlice(world, { ...SLICE, maxPauseMs: 0, killAtStep: 0 })
    expect(next?.calls, `killed at await ${killAtStep}`).toBeGreaterThan(0)
  }
})
