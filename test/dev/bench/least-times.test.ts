import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leastTimes, violations } from '../../../dev/bench/least-times.ts'
import { inTurn, median } from '../../../dev/bench/rounds.ts'

const windowsOf = fc.array(fc.record({ milliseconds: fc.integer({ min: 1, max: 500 }), calls: fc.integer({ min: 1, max: 12 }) }), {
  minLength: 1,
  maxLength: 3,
})
const countOf = fc.integer({ min: 1, max: 60 })

describe('the least time that calls can take within quotas', () => {
  it('is a burst, a pause, and a burst again', () => {
    expect(leastTimes(5, [{ milliseconds: 60, calls: 2 }])).toEqual([0, 0, 60, 60, 120])
    expect(
      leastTimes(6, [
        { milliseconds: 60, calls: 2 },
        { milliseconds: 200, calls: 4 },
      ]),
    ).toEqual([0, 0, 60, 60, 200, 200])
  })

  it('breaks no quota, and no call of it could come a millisecond earlier', () => {
    fc.assert(
      fc.property(countOf, windowsOf, (count, windows) => {
        const times = leastTimes(count, windows)
        expect(violations(times, windows)).toBe(0)
        times.forEach((time, call) => {
          const earlier = [...times.slice(0, call), time - 1]
          const isFirstOrWithBefore = time === 0 || time === times[call - 1]
          expect(isFirstOrWithBefore || violations(earlier, windows) > 0).toBe(true)
        })
      }),
    )
  })
})

describe('calls beyond a quota', () => {
  it('are those that come while their window is full, in whatever order they are told', () => {
    const windows = [{ milliseconds: 60, calls: 2 }]
    expect(violations([0, 1, 60], windows)).toBe(0)
    expect(violations([59, 0, 1], windows)).toBe(1)
    expect(violations([0, 0, 0, 0], windows)).toBe(2)
  })

  it('are what is found by looking at every window', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 30 }), windowsOf, (sentAtMs, windows) => {
        const isOver = windows.some(({ milliseconds, calls }) =>
          sentAtMs.some((from) => sentAtMs.filter((at) => at >= from && at < from + milliseconds).length > calls),
        )
        expect(violations(sentAtMs, windows) > 0).toBe(isOver)
      }),
    )
  })
})

describe('rounds', () => {
  it('take the middle value, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 9, 2])).toBe(3)
  })

  it('change places every round, and compare what was measured side by side', async () => {
    const order: string[] = []
    const next = (name: string, times: number[]) => async () => {
      order.push(name)
      return times.shift() ?? 0
    }
    const compared = await inTurn(3, next('a', [2, 30, 4]), next('b', [1, 10, 4]))
    expect(order.join('')).toBe('abbaab')
    expect(compared).toEqual({ first: 4, second: 4, ratio: 2 })
  })
})
