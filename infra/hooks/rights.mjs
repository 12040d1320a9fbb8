// @ts-check
import { listOrNone, member, texts } from './json.mjs'

/**
 * What a role lets a person do, as `…/Microsoft.Authorization/permissions` lists it.
 * @typedef {{ actions: string[], notActions: string[] }} Permission
 */

/** What the template writes, and which role brings the right. */
const CONTRIBUTOR = [
  'Microsoft.Resources/deployments/write',
  'Microsoft.Web/sites/write',
  'Microsoft.Storage/storageAccounts/write',
  'Microsoft.ManagedIdentity/userAssignedIdentities/write',
]
const NEW_GROUP = 'Microsoft.Resources/subscriptions/resourceGroups/write'
const ASSIGN = 'Microsoft.Authorization/roleAssignments/write'

/** @param {unknown} answer @returns {Permission[] | undefined} undefined where it lists none, which is not the same as an empty list */
export const permissionsOf = (answer) =>
  listOrNone(member(answer, 'value'))?.map((entry) => ({
    actions: texts(member(entry, 'actions')),
    notActions: texts(member(entry, 'notActions')),
  }))

/**
 * Whether any role allows it: what one role leaves out, another may allow.
 * https://learn.microsoft.com/azure/role-based-access-control/role-definitions#notactions
 * @param {readonly Permission[]} permissions
 * @param {string} action
 */
export const mayDo = (permissions, action) =>
  permissions.some(({ actions, notActions }) => fitsAny(actions, action) && !fitsAny(notActions, action))

/** @param {readonly string[]} patterns @param {string} action */
const fitsAny = (patterns, action) => patterns.some((pattern) => fits(pattern, action))

/** `Microsoft.Authorization/*\/Write` fits `Microsoft.Authorization/roleAssignments/write`. @param {string} pattern @param {string} action */
function fits(pattern, action) {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\/]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action)
}

/**
 * The roles to ask for; none where nothing is missing.
 * @param {readonly Permission[]} permissions
 * @param {boolean} isNewGroup the resource group has to be made too
 * @returns {string[]}
 */
export function missingRoles(permissions, isNewGroup) {
  const needed = isNewGroup ? [...CONTRIBUTOR, NEW_GROUP] : CONTRIBUTOR
  return [
    ...(needed.every((action) => mayDo(permissions, action)) ? [] : ['Contributor']),
    ...(mayGiveRoles(permissions) ? [] : ['Role Based Access Control Administrator']),
  ]
}

/** @param {readonly Permission[]} permissions */
export const mayGiveRoles = (permissions) => mayDo(permissions, ASSIGN)
