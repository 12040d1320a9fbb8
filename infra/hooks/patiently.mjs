// @ts-check
import { retryAfterMs } from './az-reason.mjs'

/**
 * How long to wait between attempts, in ms: three minutes in all. Entra knows a new identity in one or two.
 * az does not pass on the Retry-After of Graph, so that of a throttled answer is followed only where the text has it.
 */
const WAITS_MS = [5_000, 10_000, 15_000, 30_000, 30_000, 30_000, 60_000]
/** No wait that an answer names is followed for longer. */
const LONGEST_MS = 300_000

/**
 * Asks until the answer is not one that passes by itself. What gave no answer for minutes is asked once more, and not for half an hour.
 * @param {Pick<import('./hook.mjs').World, 'clock' | 'say'>} world
 * @param {readonly import('./az.mjs').Reason[]} passing
 * @param {string} what for the person who waits
 * @param {() => Promise<import('./az.mjs').AzAnswer>} ask
 * @returns {Promise<import('./az.mjs').AzAnswer>}
 */
export async function patiently({ clock, say }, passing, what, ask) {
  let hasHung = false
  for (const waitMs of WAITS_MS) {
    const answer = await ask()
    const hangs = !answer.ok && answer.reason === 'timedOut'
    if (answer.ok || (hangs ? hasHung : !passing.includes(answer.reason))) return answer
    hasHung ||= hangs
    const pause = Math.min(retryAfterMs(answer.text) ?? waitMs, LONGEST_MS)
    say(`${what}: ${answer.reason === 'throttled' ? 'too many requests' : 'not yet'}; trying again in ${Math.ceil(pause / 1000)} s.`)
    await clock.sleep(pause)
  }
  return ask()
}
