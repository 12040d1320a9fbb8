// @ts-check
import { graphAddress } from './app-roles.mjs'
import { shortOf, unreadable } from './az-reason.mjs'
import { cloudOf, facts, signIn } from './facts.mjs'
import { listOrNone, member, parse, text, texts } from './json.mjs'
import { quoted } from './quoted.mjs'

/**
 * What must stand on the registration that reads many tenants, so that the identity can act as it.
 * @typedef {{ issuer: string, subject: string, audience: string }} Credential
 */

/** @param {import('./az.mjs').Env} env @returns {Credential} */
export function wantedCredential(env) {
  const { authorityUrl, assertionAudience } = cloudOf(env.PATCHTRAIL_CLOUD)
  return {
    issuer: `${authorityUrl}/${env.PATCHTRAIL_TENANT_ID}/v2.0`,
    subject: env.PATCHTRAIL_PRINCIPAL_ID ?? '',
    audience: assertionAudience,
  }
}

/**
 * @param {unknown} answer Graph's list of federated credentials
 * @param {Credential} wanted
 * @returns {boolean | undefined} undefined where it is no list
 */
export const hasCredential = (answer, { issuer, subject, audience }) =>
  listOrNone(member(answer, 'value'))?.some(
    (found) =>
      text(found, 'issuer') === issuer && text(found, 'subject') === subject && texts(member(found, 'audiences')).includes(audience),
  )

/**
 * With many tenants nothing is granted to the identity: each customer consents to the registration. Says whether that trusts the identity.
 * @param {import('./hook.mjs').World} world
 * @param {boolean} mayLook not where az speaks for another tenant
 * @returns {Promise<string[]>}
 */
export async function reportRegistration(world, mayLook) {
  const { az, env } = world
  const clientId = env.DEFENDER_CLIENT_ID ?? ''
  const wanted = wantedCredential(env)
  const login = signIn(env.PATCHTRAIL_CLOUD, env.PATCHTRAIL_TENANT_ID ?? '')
  const graph = mayLook ? await graphAddress(world) : undefined
  const url = `${typeof graph === 'string' ? graph : ''}/v1.0/applications(appId='${clientId}')/federatedIdentityCredentials`
  const answer = typeof graph === 'string' ? await az(['rest', '--method', 'GET', '--url', url]) : undefined
  const intro = `Many tenants: ${facts.resourceName} is read as the registration ${clientId}, to which each customer consents.`
  const isTrusted = answer?.ok ? hasCredential(parse(answer.text), wanted) : undefined
  if (isTrusted) return [`${intro} It trusts the app's identity.`]
  const why = answer && (answer.ok ? unreadable(answer.text) : shortOf(answer.text))
  return [
    intro,
    ...(isTrusted === false ? ["It does not trust the app's identity yet, so no tenant can be read."] : []),
    ...(isTrusted === undefined && why ? [`Whether it trusts the app's identity could not be read (${why}).`] : []),
    `It must have this federated credential: issuer ${wanted.issuer}, subject ${wanted.subject}, audience ${wanted.audience}.`,
    'Its owner, or an Application Administrator, makes it with one of these; what is there already stays:',
    `  bash:        ${login.bash} && bash infra/grants/register.sh --client-id ${quoted(clientId)} --principal ${quoted(wanted.subject)}`,
    `  PowerShell:  ${login.powerShell}; ./infra/grants/register.ps1 -ClientId ${quoted(clientId)} -PrincipalId ${quoted(wanted.subject)}`,
    'A new credential can take minutes to work.',
  ]
}
