import { DEFENDER_POLICY } from './policy.ts'

/**
 * How long (ms) to wait before the n-th retry, n from 1: doubling, capped, and spread over its upper half so that
 * calls that failed together do not come back together. `random` is a number in [0, 1).
 */
export function retryDelayMs(retry: number, random: number): number {
  const full = Math.min(DEFENDER_POLICY.firstRetryDelayMs * 2 ** (Math.max(1, retry) - 1), DEFENDER_POLICY.longestRetryDelayMs)
  return Math.round(full / 2 + (full / 2) * random)
}
