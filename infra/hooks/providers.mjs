// @ts-check
import { allOf } from './facts.mjs'
import { note, stop, unknown } from './finding.mjs'
import { listOrNone, parse, text } from './json.mjs'
import { shortOf, unreadable } from './az-reason.mjs'
import { quoted } from './quoted.mjs'

/** A deployment registers these itself, where the person may. */
const SELF_REGISTERED = [
  'Microsoft.Web',
  'Microsoft.Storage',
  'Microsoft.ManagedIdentity',
  'Microsoft.Insights',
  'Microsoft.OperationalInsights',
]
/** The network is among the template's resources; what the subnet is delegated to is not, and nobody registers it. */
const PRIVATE_NETWORK = { itself: ['Microsoft.Network'], byHand: ['Microsoft.App'] }

/**
 * Whether the subscription may have what the template makes.
 * @param {import('./hook.mjs').World} world
 * @param {string} subscriptionId
 * @param {boolean} isPrivate
 * @returns {Promise<import('./finding.mjs').Finding[]>}
 */
export async function checkProviders({ az }, subscriptionId, isPrivate) {
  const query = '[].{namespace: namespace, state: registrationState}'
  const answer = await az(['provider', 'list', '--subscription', subscriptionId, '--query', query])
  const entries = answer.ok ? listOrNone(parse(answer.text)) : undefined
  if (!entries) {
    const why = answer.ok ? unreadable(answer.text) : shortOf(answer.text)
    return [unknown('which resource providers are registered', `az provider list: ${why}`)]
  }
  /** @type {Map<string, string>} */
  const states = new Map(entries.map((entry) => [text(entry, 'namespace').toLowerCase(), text(entry, 'state')]))
  /** @param {string} name */
  const isMissing = (name) => states.get(name.toLowerCase()) !== 'Registered'
  /** @param {string} name */
  const command = (name) => `az provider register --subscription ${quoted(subscriptionId)} --wait --namespace ${name}`
  const byHand = (isPrivate ? PRIVATE_NETWORK.byHand : []).filter(isMissing)
  const itself = [...SELF_REGISTERED, ...(isPrivate ? PRIVATE_NETWORK.itself : [])].filter(isMissing)
  return [
    ...byHand.map((name) => stop(`A private network needs the resource provider ${name}, which is not registered. Run: ${command(name)}`)),
    ...(itself.length === 0
      ? []
      : [note(`Not registered yet: ${allOf(itself)}. The deployment tries to do it; if it may not: ${command('<each of them>')}`)]),
  ]
}
