// @ts-check
import { parse, text } from './json.mjs'

/**
 * What `/api/health` said, if it was the app that answered.
 * @typedef {{ version: string, status: string, detail: string, lastTickAt: string }} Health
 */

/** The timer fires every minute. */
const FRESH_MS = 120_000

/**
 * The app answers 503 until its first snapshot has ended, which az takes for an error: `ERROR: Service Unavailable({"status":"starting",…})`.
 * @param {import('./az.mjs').AzAnswer} answer
 * @returns {Health | undefined}
 */
export function healthOf({ text: said }) {
  const read = parse(said.slice(said.indexOf('{'), said.lastIndexOf('}') + 1))
  const health = {
    version: text(read, 'version'),
    status: text(read, 'status'),
    detail: text(read, 'detail'),
    lastTickAt: text(read, 'lastTickAt'),
  }
  return health.version === '' ? undefined : health
}

/**
 * `ready`: what was deployed runs, and its timer does. `broken`: it says that its settings are wrong, which no waiting mends.
 * @param {Health | undefined} health
 * @param {string} version
 * @param {number} nowMs
 * @returns {'ready' | 'broken' | 'noTick' | 'otherVersion' | 'silent'}
 */
export function judgeHealth(health, version, nowMs) {
  if (!health) return 'silent'
  if (health.version !== version) return 'otherVersion'
  if (health.detail.startsWith('These settings are missing or wrong')) return 'broken'
  return nowMs - Date.parse(health.lastTickAt) < FRESH_MS ? 'ready' : 'noTick'
}
