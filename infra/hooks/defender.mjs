// @ts-check
import { readAccount, sameId } from './account.mjs'
import { grantAppRoles, lookAtAppRoles } from './app-roles.mjs'
import { withBodyFile } from './body-file.mjs'
import { countFunctions, siteOption } from './functions.mjs'
import { reportGrants } from './grant-report.mjs'
import { reportRegistration } from './registration.mjs'

/**
 * Where the app's way into Defender stands, after granting what may be granted.
 * @param {import('./hook.mjs').World} world
 * @param {'grant' | 'look'} mode
 * @returns {Promise<string[]>} lines for the person
 */
export async function defenderReport(world, mode) {
  const { env } = world
  const wrong = await wrongTenant(world)
  if (env.DEFENDER_CLIENT_ID) return [...wrong, ...(await reportRegistration(world, wrong.length === 0))]
  const principalId = env.PATCHTRAIL_PRINCIPAL_ID ?? ''
  /** @type {import('./grant-report.mjs').Outcome} */
  const outcome =
    wrong.length > 0 ? { kind: 'unasked' } : await (mode === 'grant' ? grant(world, principalId) : lookAtAppRoles(world, principalId))
  const place = {
    principalId,
    tenantId: env.PATCHTRAIL_TENANT_ID ?? '',
    cloud: env.PATCHTRAIL_CLOUD,
    site: siteOption(env),
    hasRun: isWell(outcome) ? false : await hasRun(world),
  }
  return [...wrong, ...reportGrants(outcome, place)]
}

/** Undefined where az does not say. @param {import('./hook.mjs').World} world */
async function hasRun(world) {
  const functions = await countFunctions(world)
  return functions === undefined ? undefined : functions > 0
}

/** Nothing was or is missing. @param {import('./grant-report.mjs').Outcome} outcome */
const isWell = (outcome) =>
  (outcome.kind === 'done' && outcome.granted.length === 0) || (outcome.kind === 'looked' && outcome.missing.length === 0)

/** @param {import('./hook.mjs').World} world @param {string} principalId */
const grant = (world, principalId) => grantAppRoles(world, principalId, withBodyFile)

/** Graph would be asked in az's tenant, whatever the app's is. @param {import('./hook.mjs').World} world @returns {Promise<string[]>} */
async function wrongTenant(world) {
  const read = await readAccount(world)
  if ('finding' in read) return [read.finding.text]
  const wanted = world.env.PATCHTRAIL_TENANT_ID ?? ''
  return sameId(read.account.tenantId, wanted) ? [] : [`az is signed in to the tenant ${read.account.tenantId}, the app's is ${wanted}.`]
}
