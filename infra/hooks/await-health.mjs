// @ts-check
import { shortOf } from './az-reason.mjs'
import { healthOf, judgeHealth } from './health.mjs'
import { poll } from './poll.mjs'

const LIMIT_MS = 600_000

/** @typedef {{ verdict: ReturnType<typeof judgeHealth>, health: import('./health.mjs').Health | undefined, said: string }} Seen */

/**
 * Asks the app how it is until it is ready, or the time is up. By az, which knows the way through a proxy, and without its token.
 * @param {import('./hook.mjs').World} world
 * @param {string} version
 * @returns {Promise<Seen>}
 */
export async function awaitHealth({ az, clock, env, say }, version) {
  const url = `https://${env.PATCHTRAIL_HOST}/api/health`
  let told = ''
  return poll(clock, LIMIT_MS, async (isLast) => {
    const answer = await az(['rest', '--method', 'GET', '--skip-authorization-header', '--url', url])
    const health = healthOf(answer)
    const verdict = judgeHealth(health, version, clock.now())
    if (isLast || verdict === 'ready' || verdict === 'broken')
      return { verdict, health, said: answer.ok ? answer.text : shortOf(answer.text) }
    const state = stateOf(verdict, health)
    if (state !== told) say(`${url}: ${state} Waiting for version ${version} and its timer, ${LIMIT_MS / 60_000} minutes at most.`)
    told = state
    return undefined
  })
}

/** @param {ReturnType<typeof judgeHealth>} verdict @param {import('./health.mjs').Health | undefined} health */
function stateOf(verdict, health) {
  if (!health) return 'no answer of the app yet.'
  if (verdict === 'otherVersion') return `still version ${health.version}.`
  return `${health.status}${health.detail ? `: ${health.detail}` : '.'}`
}
