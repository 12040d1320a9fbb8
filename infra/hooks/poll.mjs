// @ts-check

const FIRST_MS = 5_000
const LONGEST_MS = 30_000

/**
 * Looks until it has seen enough, or the time is up: soon at first, then every half minute.
 * @template T
 * @param {import('./hook.mjs').Clock} clock
 * @param {number} limitMs
 * @param {(isLast: boolean) => Promise<T | undefined>} look nothing while there is to wait; not so the last time
 * @returns {Promise<T>}
 */
export async function poll(clock, limitMs, look) {
  const until = clock.now() + limitMs
  for (let pauseMs = FIRST_MS; ; pauseMs = Math.min(LONGEST_MS, pauseMs + FIRST_MS)) {
    const leftMs = until - clock.now()
    const seen = await look(leftMs <= 0)
    if (seen !== undefined) return seen
    if (leftMs <= 0) throw new Error('The last look has to come to a result')
    await clock.sleep(Math.min(pauseMs, leftMs))
  }
}
