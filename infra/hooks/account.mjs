// @ts-check
import { shortOf, unreadable } from './az-reason.mjs'
import { cloudOf } from './facts.mjs'
import { stop, unknown } from './finding.mjs'
import { parse, text } from './json.mjs'
import { quoted } from './quoted.mjs'

/**
 * Whom az acts for: the subscription that counts, and who is signed in.
 * @typedef {{ subscriptionId: string, tenantId: string, cloud: string, person: string }} Account
 * @typedef {import('./finding.mjs').Finding} Finding
 */

/** What az says of an account; undefined where it does not say which. @param {string} answer @returns {Account | undefined} */
export function accountOf(answer) {
  const read = parse(answer)
  const user = typeof read === 'object' && read !== null && 'user' in read ? read.user : undefined
  const [subscriptionId, tenantId] = [text(read, 'id'), text(read, 'tenantId')]
  if (subscriptionId === '' || tenantId === '') return undefined
  return {
    subscriptionId,
    tenantId,
    cloud: text(read, 'environmentName'),
    person: text(user, 'name'),
  }
}

/**
 * The account that azd's subscription has in az, or why az would look in the wrong place.
 * @param {import('./hook.mjs').World} world
 * @returns {Promise<{ account: Account } | { finding: Finding }>}
 */
export async function readAccount({ az, env }) {
  const first = await az(['account', 'show'])
  if (!first.ok) return { finding: noAccount(first, env) }
  const current = accountOf(first.text)
  if (!current) return { finding: unknown(WHOM, unreadable(first.text)) }
  const wanted = env.AZURE_SUBSCRIPTION_ID
  if (!wanted || sameId(wanted, current.subscriptionId)) return judge(current, current, env)
  const other = await az(['account', 'show', '--subscription', wanted])
  if (!other.ok) return { finding: other.reason === 'notFound' ? foreign(wanted, current, env) : noAccount(other, env) }
  const account = accountOf(other.text)
  return account ? judge(account, current, env) : { finding: unknown(WHOM, unreadable(other.text)) }
}

/**
 * Graph is asked in the tenant of az's current subscription, whatever else is named.
 * @param {Account} account
 * @param {Account} current
 * @param {import('./az.mjs').Env} env
 * @returns {{ account: Account } | { finding: Finding }}
 */
function judge(account, current, env) {
  const tenant = env.AZURE_TENANT_ID || account.tenantId
  if (!sameId(tenant, account.tenantId)) {
    return { finding: stop(`azd uses the tenant ${tenant}, az the tenant ${account.tenantId}. Sign in to the same: ${login(tenant)}`) }
  }
  if (!sameId(account.tenantId, current.tenantId)) {
    const set = `az account set --subscription ${quoted(account.subscriptionId)}`
    return { finding: stop(`az's current subscription is in another tenant than azd's. Change it: ${set}`) }
  }
  // Unset, the template takes the cloud that it is deployed in.
  const cloud = env.DEFENDER_CLOUD ? cloudOf(env.DEFENDER_CLOUD).azureCloud : account.cloud
  if (account.cloud !== '' && account.cloud !== cloud) return { finding: otherCloud(env.DEFENDER_CLOUD, account.cloud, cloud) }
  return { account }
}

/** @param {string} a @param {string} b */
export const sameId = (a, b) => a.toLowerCase() === b.toLowerCase()

/** @param {string | undefined} tenant */
const login = (tenant) => (tenant ? `az login --tenant ${quoted(tenant)}` : 'az login')

/** All else depends on it. */
const WHOM = 'whom az acts for, hence all that it would be asked'

/** @param {{ reason: string, text: string }} answer @param {import('./az.mjs').Env} env */
function noAccount({ reason, text: said }, env) {
  if (reason === 'missing') {
    return stop('The Azure CLI (az) is not there. Install it, and sign in: https://learn.microsoft.com/cli/azure/install-azure-cli')
  }
  if (reason !== 'signedOut') return unknown(WHOM, `az account show: ${shortOf(said)}`)
  return stop(`az is not signed in, or its sign-in has run out (${shortOf(said)}). Sign in: ${login(env.AZURE_TENANT_ID)}`)
}

/** @param {string} wanted @param {Account} current @param {import('./az.mjs').Env} env */
const foreign = (wanted, current, env) =>
  stop(
    `azd uses the subscription ${wanted}, which az does not see as ${current.person || 'the person signed in'} in the tenant ` +
      `${current.tenantId}. Sign in as in azd: ${env.AZURE_TENANT_ID ? login(env.AZURE_TENANT_ID) : 'az login --tenant <tenant of the subscription>'}`,
  )

/** @param {string | undefined} name @param {string} is @param {string} wanted */
const otherCloud = (name, is, wanted) =>
  stop(
    `DEFENDER_CLOUD is ${name}, which signs in to ${wanted}; az is signed in to ${is}. ` +
      `Either change the setting (azd env set DEFENDER_CLOUD …), or both: az cloud set --name ${wanted}; azd config set cloud.name ${wanted}`,
  )
