// @ts-check
import { shortOf } from './az-reason.mjs'
import { allOf, anyOf, facts, signIn } from './facts.mjs'
import { quoted } from './quoted.mjs'

/**
 * @typedef {{ principalId: string, tenantId: string, cloud: string | undefined, site: string, hasRun: boolean | undefined }} Place
 * @typedef {import('./app-roles.mjs').Done | import('./app-roles.mjs').Looked | import('./app-roles.mjs').Trouble | { kind: 'unasked' }} Outcome
 */

const DEFENDER = `Defender (${facts.resourceName})`

/**
 * What became of the permissions, and what is to be done.
 * @param {Outcome} outcome
 * @param {Place} place
 * @returns {string[]}
 */
export function reportGrants(outcome, place) {
  switch (outcome.kind) {
    case 'done':
      return outcome.granted.length === 0 ? [has(outcome.held)] : [`Granted in ${DEFENDER}: ${allOf(outcome.granted)}.`, ...restart(place)]
    case 'looked':
      return outcome.missing.length === 0
        ? [has(outcome.held)]
        : [`The app's identity lacks ${allOf(outcome.missing.map(({ name }) => name))} in ${DEFENDER}.`, ...askAdministrator(place)]
    case 'refused':
      return [
        `${DEFENDER}: you may not see or grant the permissions of the app's identity. All else goes on without.`,
        ...askAdministrator(place),
      ]
    case 'unasked':
      return [
        `${DEFENDER}: the permissions of the app's identity were neither looked at nor granted. All else goes on.`,
        ...askAdministrator(place),
      ]
    case 'noDefender':
      return [
        `${facts.resourceName} (${facts.resourceAppId}) is not in the tenant ${place.tenantId}: Defender for Endpoint was never set up there. ` +
          'Set it up, or deploy to the tenant that has it; then:',
        ...commands(place),
      ]
    case 'noRole':
      return [
        `${DEFENDER} offers no application role ${outcome.name} in the tenant ${place.tenantId}. Nothing was granted. Once it does:`,
        ...commands(place),
      ]
    case 'failed':
      return [
        `The permissions in ${DEFENDER} could not be looked at or granted: ${shortOf(outcome.text)}`,
        ...unknownPrincipal(outcome, place),
        'To try again:',
        ...commands(place),
      ]
  }
}

/** @param {readonly string[]} names */
const has = (names) => `The app's identity has ${allOf(names)} in ${DEFENDER}.`

/** @param {{ reason: string }} outcome @param {Place} place */
const unknownPrincipal = ({ reason }, { principalId }) =>
  reason === 'notFound' || reason === 'badRequest'
    ? [`Entra did not know the principal ${principalId} after three minutes. It can take longer; else look whether the identity is there.`]
    : []

/** @param {Place} place */
const askAdministrator = (place) => [
  `A ${anyOf(facts.grantingRoles)} of the tenant ${place.tenantId} has to run one of these, once, in this folder (or with that file sent along; it needs az only):`,
  ...commands(place),
]

/**
 * The platform caches tokens: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations
 * @param {Place} place
 */
function commands({ principalId, tenantId, cloud, site, hasRun }) {
  const login = signIn(cloud, tenantId)
  return [
    `  bash:        ${login.bash} && bash infra/grants/grant.sh ${quoted(principalId)}`,
    `  PowerShell:  ${login.powerShell}; ./infra/grants/grant.ps1 -PrincipalId ${quoted(principalId)}`,
    hasRun
      ? 'The app has run without: after the grant restart it. Defender may answer 403 for up to a day all the same, as tokens are cached:'
      : 'Best before the first tick of the app. If it has ticked without, restart it after the grant, as tokens are cached for up to a day:',
    `  az functionapp restart ${site}`,
  ]
}

/** @param {Place} place */
const restart = ({ site, hasRun }) =>
  hasRun === false
    ? []
    : [
        `${hasRun ? 'The app has run without, and' : 'If the app has run without (az did not say),'} its tokens are cached: ` +
          'Defender may answer 403 for up to a day. Restart it:',
        `  az functionapp restart ${site}`,
      ]
