// @ts-check
import { listOrNone, member, text } from './json.mjs'

/**
 * A role that the identity must have on an account, before the app can be deployed or work.
 * @typedef {{ name: string, id: string, account: string }} WantedRole
 * @typedef {{ roleId: string, scope: string, createdMs: number }} Assignment
 */

const BLOB_OWNER = { name: 'Storage Blob Data Owner', id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' }
const TABLE_CONTRIBUTOR = { name: 'Storage Table Data Contributor', id: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' }
const QUEUE_CONTRIBUTOR = { name: 'Storage Queue Data Contributor', id: '974c5e8b-45b9-4653-ba55-5f855dd0fb88' }

/** How old a role is that has spread. Deployments met a 403 for a minute, seldom for two. https://github.com/Azure/azure-dev/issues/8026 */
export const SPREAD_MS = 180_000

/**
 * The host's blobs and, for many tenants, its queue are in its own account; the history may be in another.
 * @param {import('./az.mjs').Env} env
 * @returns {WantedRole[]}
 */
export function wantedRoles(env) {
  const host = env.PATCHTRAIL_STORAGE_ID ?? ''
  return [
    { ...BLOB_OWNER, account: host },
    { ...TABLE_CONTRIBUTOR, account: env.PATCHTRAIL_DATA_STORAGE_ID || host },
    ...(env.DEFENDER_CLIENT_ID ? [{ ...QUEUE_CONTRIBUTOR, account: host }] : []),
  ]
}

/** @param {unknown} answer of `…/Microsoft.Authorization/roleAssignments` @returns {Assignment[] | undefined} */
export const assignmentsOf = (answer) =>
  listOrNone(member(answer, 'value'))?.map((entry) => {
    const properties = member(entry, 'properties')
    return {
      roleId: (text(properties, 'roleDefinitionId').split('/').pop() ?? '').toLowerCase(),
      scope: text(properties, 'scope').toLowerCase(),
      createdMs: Date.parse(text(properties, 'createdOn')),
    }
  })

/**
 * What is still missing, and how long (ms) until the youngest of the roles has spread.
 * @param {readonly WantedRole[]} wanted
 * @param {readonly Assignment[]} assignments
 * @param {number} nowMs
 */
export function judgeRoles(wanted, assignments, nowMs) {
  const eldest = wanted.map((role) => ({ role, createdMs: eldestOf(role, assignments) }))
  const ages = eldest.flatMap(({ createdMs }) => (createdMs === undefined ? [] : [nowMs - createdMs]))
  return {
    missing: eldest.filter(({ createdMs }) => createdMs === undefined).map(({ role }) => role),
    // A clock that is behind Azure's makes no role older than the whole wait.
    waitMs: Math.min(SPREAD_MS, Math.max(0, SPREAD_MS - Math.min(SPREAD_MS, ...ages))),
  }
}

/**
 * When the role began to be there, on the account itself or above it. A time that cannot be read counts as long ago.
 * @param {WantedRole} role
 * @param {readonly Assignment[]} assignments
 * @returns {number | undefined}
 */
function eldestOf({ id, account }, assignments) {
  const fitting = assignments.filter(({ roleId, scope }) => roleId === id && isWithin(account.toLowerCase(), scope))
  return fitting.length === 0 ? undefined : Math.min(...fitting.map(({ createdMs }) => (Number.isNaN(createdMs) ? 0 : createdMs)))
}

/** @param {string} account @param {string} scope */
const isWithin = (account, scope) => account === scope || account.startsWith(scope.endsWith('/') ? scope : `${scope}/`)
