import { describe, expect, test } from 'vitest'
import { FaultPlan } from '../../../dev/simulator/faults.ts'
import { DAY } from '../../../dev/simulator/time.ts'
import { REFERENCE } from './client.ts'

const machineIds = Array.from({ length: 400 }, (_, index) => `machine${index}`)

function struck(plan: FaultPlan, at: number, ids: readonly string[] = machineIds): string[] {
  return ids.filter((machineId) => plan.strike('notFoundOnce', 'missingKbs', machineId, at))
}

describe('the fault plan', () => {
  test('strikes nothing unless told to', () => {
    expect(struck(new FaultPlan(1), REFERENCE)).toEqual([])
  })

  test('strikes the same machines for the same seed, in whatever order they call, and about as many as the rate says', () => {
    const rule = { notFoundOnce: { rate: 0.2 } }
    const once = struck(new FaultPlan(1, rule), REFERENCE)
    expect(struck(new FaultPlan(1, rule), REFERENCE, machineIds.toReversed()).toReversed()).toEqual(once)
    expect(struck(new FaultPlan(2, rule), REFERENCE)).not.toEqual(once)
    expect(once.length).toBeGreaterThan(40)
    expect(once.length).toBeLessThan(120)
  })

  test('lets a retry pass after the given number of strikes, and strikes anew at the next look', () => {
    const plan = new FaultPlan(1, { notFoundTimes: { machineIds: ['a'], times: 3 } })
    const call = (at: number) => plan.strike('notFoundTimes', 'missingKbs', 'a', at) !== undefined
    expect([0, 1, 2, 3, 4].map((minute) => call(REFERENCE + minute))).toEqual([true, true, true, false, false])
    expect(call(REFERENCE + 7 * DAY)).toBe(true)
  })

  test('draws other machines at each look, but the same for ever where the fault is for ever', () => {
    const plan = new FaultPlan(1, { notFoundOnce: { rate: 0.2 }, notFoundForever: { rate: 0.2 } })
    const forever = (at: number) => machineIds.filter((machineId) => plan.strike('notFoundForever', 'missingKbs', machineId, at))
    expect(struck(plan, REFERENCE)).not.toEqual(struck(plan, REFERENCE + 7 * DAY))
    const first = forever(REFERENCE)
    expect(forever(REFERENCE)).toEqual(first)
    expect(forever(REFERENCE + 7 * DAY)).toEqual(first)
  })

  test('stops at its limit, keeps to its machines and to its routes, and counts anew when it is changed', () => {
    const plan = new FaultPlan(1, { html502: { machineIds: ['a', 'b'], limit: 2 } })
    const call = (machineId: string) => plan.strike('html502', 'missingKbs', machineId, REFERENCE) !== undefined
    expect(plan.strike('html502', 'machineList', 'a', REFERENCE)).toBeUndefined()
    expect(['c', 'a', 'b', 'a'].map(call)).toEqual([false, true, true, false])
    plan.change({})
    expect(call('a')).toBe(true)
    plan.change({ html502: { on: ['machineList'] } })
    expect(call('a')).toBe(false)
    plan.change({ html502: false })
    expect(plan.strike('html502', 'machineList', 'list', REFERENCE)).toBeUndefined()
  })
})
