import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Quota } from '../../../dev/simulator/quota.ts'
import { HOUR, MINUTE } from '../../../dev/simulator/time.ts'
import { REFERENCE } from './client.ts'

/** The same rule, counted the slow way. */
function bruteForce(limits: { perMinute: number; perHour: number }) {
  const admitted: number[] = []
  const isFree = (now: number) =>
    admitted.filter((at) => at > now - MINUTE && at <= now).length < limits.perMinute &&
    admitted.filter((at) => at > now - HOUR && at <= now).length < limits.perHour
  return {
    admit: (now: number) => {
      const free = isFree(now)
      if (free) admitted.push(now)
      return free
    },
    secondsUntilFree: (now: number) => {
      for (let seconds = 0; ; seconds++) if (isFree(now + seconds * 1_000)) return seconds
    },
  }
}

const limits = fc.record({ perMinute: fc.integer({ min: 1, max: 5 }), perHour: fc.integer({ min: 1, max: 12 }) })
const pauses = fc.array(fc.oneof(fc.constantFrom(0, 1, MINUTE - 1, MINUTE, HOUR), fc.integer({ min: 0, max: 20 * MINUTE })), {
  maxLength: 60,
})

describe('the quota', () => {
  test('lets in what a brute-force count of both windows lets in, and says to the second when the next may come', () => {
    fc.assert(
      fc.property(limits, pauses, (limit, steps) => {
        const quota = new Quota(limit)
        const slow = bruteForce(limit)
        let now = REFERENCE
        for (const step of steps) {
          now += step
          const admission = quota.admit(now)
          expect(admission.admitted).toBe(slow.admit(now))
          if (!admission.admitted) expect(admission.retryAfterSeconds).toBe(slow.secondsUntilFree(now))
        }
      }),
    )
  })

  test('forgets calls of a future that a clock set back has not reached', () => {
    const quota = new Quota({ perMinute: 1, perHour: 1 })
    expect(quota.admit(REFERENCE + HOUR).admitted).toBe(true)
    expect(quota.admit(REFERENCE).admitted).toBe(true)
    expect(quota.admit(REFERENCE).admitted).toBe(false)
  })
})
