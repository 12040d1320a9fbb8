// @ts-check
import { shortOf, unreadable } from './az-reason.mjs'
import { allOf } from './facts.mjs'
import { note, stop, unknown } from './finding.mjs'
import { parse } from './json.mjs'
import { quoted } from './quoted.mjs'
import { mayGiveRoles, missingRoles, permissionsOf } from './rights.mjs'

/** @param {string} scope */
const permissionsAt = (scope) => [
  'rest',
  '--method',
  'GET',
  '--url',
  `${scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
]

/**
 * Whether the person may make the resources and give the identity its roles: in the group, or where there is none yet, in the subscription.
 * @param {import('./hook.mjs').World} world
 * @param {import('./account.mjs').Account} account
 * @param {string} group
 * @returns {Promise<import('./finding.mjs').Finding>}
 */
export async function checkRights({ az }, { subscriptionId, tenantId, person }, group) {
  const subscription = `/subscriptions/${subscriptionId}`
  const inGroup = await az(permissionsAt(`${subscription}/resourceGroups/${group}`))
  const isNew = !inGroup.ok && inGroup.reason === 'notFound'
  const answer = isNew ? await az(permissionsAt(subscription)) : inGroup
  const who = person || 'the person signed in to az'
  const where = isNew
    ? `the subscription ${subscriptionId}, as the resource group ${group} is not there yet`
    : `the resource group ${group}`
  if (!answer.ok && answer.reason === 'signedOut') {
    return stop(`The sign-in of ${who} to az has run out. Sign in: az login --tenant ${quoted(tenantId)}`)
  }
  const permissions = answer.ok ? permissionsOf(parse(answer.text)) : undefined
  if (!permissions) return unknown(`what ${who} may do in ${where}`, answer.ok ? unreadable(answer.text) : shortOf(answer.text))
  const roles = missingRoles(permissions, isNew)
  if (roles.length === 0) return note(`Rights: ${who} may make the resources and assign roles.`)
  return stop(
    `${who} may not do all that is needed in ${where}. Missing: the role${roles.length > 1 ? 's' : ''} ${allOf(roles)} there ` +
      `(Owner is both). Ask for ${roles.length > 1 ? 'them' : 'it'}${isNew ? ', or for a resource group in which you have both' : ''}, then run this again.`,
  )
}

/**
 * Where the history is kept in an account that is there already: whether it is, and whether the person may give the identity its role on it.
 * @param {import('./hook.mjs').World} world
 * @param {import('./account.mjs').Account} account
 * @param {string} ownGroup
 * @returns {Promise<import('./finding.mjs').Finding[]>}
 */
export async function checkHistoryRights({ az, env }, { subscriptionId, person }, ownGroup) {
  const name = env.PATCHTRAIL_HISTORY_ACCOUNT
  if (!name) return []
  const group = env.PATCHTRAIL_HISTORY_ACCOUNT_GROUP || ownGroup
  const scope = `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/${name}`
  const answer = await az(permissionsAt(scope))
  const where = `the storage account ${name} of PATCHTRAIL_HISTORY_ACCOUNT, in the resource group ${group}`
  if (!answer.ok && answer.reason === 'notFound') {
    return [stop(`There is no such account: ${where}. Look at the name, and at PATCHTRAIL_HISTORY_ACCOUNT_GROUP.`)]
  }
  const permissions = answer.ok ? permissionsOf(parse(answer.text)) : undefined
  if (!permissions) {
    const why = answer.ok ? unreadable(answer.text) : shortOf(answer.text)
    return [unknown(`what ${person || 'the person signed in to az'} may do in ${where}`, why)]
  }
  if (mayGiveRoles(permissions)) return []
  return [
    stop(
      `${person || 'The person signed in to az'} may not give roles on ${where}. Ask for the role Role Based Access Control Administrator on it.`,
    ),
  ]
}
