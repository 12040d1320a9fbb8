import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LONGEST_AHEAD_MS } from '../../../src/defender/budget/policy.ts'
import { HOUR, MINUTE, SECOND } from './units.ts'
import { World, mostIn, runSlice, type TimeSource } from './world.ts'

interface Event {
  gapMs: number
  sliceMs: number
  workers: number
  work: number
  killAtStep: number
  /** What the wall clock does between the slices, and what it does within the slice, when. */
  stepMs: number
  stepWithinMs: number
  stepAfterMs: number
  /** What happens to the stored text before the slice. */
  damage: 'none' | 'cut' | 'noise'
}

const steps = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -90 * SECOND, max: 90 * SECOND }) },
  { weight: 1, arbitrary: fc.integer({ min: -5 * HOUR, max: 5 * HOUR }) },
)

const events: fc.Arbitrary<Event> = fc.record({
  gapMs: fc.oneof(
    fc.integer({ min: 0, max: 3 * SECOND }),
    fc.integer({ min: 0, max: 70 * SECOND }),
    fc.integer({ min: 0, max: 8 * MINUTE }),
  ),
  sliceMs: fc.integer({ min: 0, max: 100 * SECOND }),
  workers: fc.integer({ min: 1, max: 8 }),
  work: fc.integer({ min: 1, max: 40 }),
  killAtStep: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 90 }) }),
  stepMs: steps,
  stepWithinMs: steps,
  stepAfterMs: fc.integer({ min: 0, max: 60 * SECOND }),
  damage: fc.oneof(
    { weight: 300, arbitrary: fc.constant('none' as const) },
    { weight: 1, arbitrary: fc.constantFrom('cut' as const, 'noise' as const) },
  ),
})

const runs = fc.record({
  seed: fc.integer(),
  quota: fc.record({ perMinute: fc.integer({ min: 1, max: 20 }), perHour: fc.integer({ min: 1, max: 150 }) }),
  latencyMs: fc.constantFrom([0, 3] as const, [50, 500] as const, [0, 25 * SECOND] as const),
  storeDelayMs: fc.constantFrom([1, 40] as const, [0, 1_500] as const),
  unanswered: fc.constantFrom(0, 0.1),
  events: fc.array(events, { minLength: 20, maxLength: 120, size: 'max' }),
})

async function play(world: World, event: Event): Promise<void> {
  await world.pass(event.gapMs)
  world.wallOffsetMs += event.stepMs
  world.at(world.nowMs + event.stepAfterMs, () => (world.wallOffsetMs += event.stepWithinMs))
  if (event.damage !== 'none' && world.row.text !== undefined) {
    world.row.text = event.damage === 'cut' ? world.row.text.slice(0, -3) : `1 ${world.row.text} é`
    world.row.version += 1
  }
  await runSlice(world, event)
}

/** What the next slice may still do once every window is empty again. */
async function callsAfterRest(world: World): Promise<number> {
  const rested = { sliceMs: 45 * SECOND, workers: 8, work: 100, maxPauseMs: 0, killAtStep: 0 }
  // The last step of the wall clock may be to come. Then a ledger that must be mended is stored by the first slice.
  await world.pass(MINUTE)
  await runSlice(world, rested)
  await world.pass(HOUR + LONGEST_AHEAD_MS + MINUTE)
  return (await runSlice(world, rested))?.calls ?? 0
}

function check(timeSource: TimeSource, allowed: (event: Event) => Event, numRuns: number): Promise<void> {
  return fc.assert(
    fc.asyncProperty(runs, async (run) => {
      const world = new World({ ...run, timeSource })
      for (const event of run.events) await play(world, allowed(event))
      const calls = await callsAfterRest(world)
      expect(mostIn(MINUTE, world.arrivals)).toBeLessThanOrEqual(run.quota.perMinute)
      expect(mostIn(HOUR, world.arrivals)).toBeLessThanOrEqual(run.quota.perHour)
      expect(calls).toBe(Math.min(run.quota.perMinute, run.quota.perHour))
    }),
    { numRuns },
  )
}

/** Passing takes seconds; making a counterexample small takes longer, and is worth waiting for. */
const PATIENCE = { timeout: 5 * MINUTE }

describe('no 60 s and no 3,600 s window is ever exceeded, and no budget is lost for good', PATIENCE, () => {
  test("by the store's clock, with kills at any await, damaged rows and wall clock steps of hours either way", async () => {
    await check('etag', (event) => event, 150)
  })

  test("by the store's clock to the second", async () => {
    await check('date', (event) => event, 100)
  })

  test('by a wall clock that steps back by seconds or hours, with kills at any await', async () => {
    const back = (stepMs: number): number => -Math.abs(stepMs)
    await check('wall', (event) => ({ ...event, stepMs: back(event.stepMs), stepWithinMs: back(event.stepWithinMs) }), 100)
  })
})
