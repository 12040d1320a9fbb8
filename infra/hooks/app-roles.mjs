// @ts-check
import { unreadable } from './az-reason.mjs'
import { facts } from './facts.mjs'
import { list, listOrNone, member, parse, text, texts } from './json.mjs'
import { patiently } from './patiently.mjs'

/**
 * Where the app's permissions stand: `refused` is a person who may not look or grant, `failed` whatever else went wrong.
 * @typedef {{ name: string, id: string }} AppRole
 * @typedef {{ kind: 'looked', graph: string, resourceId: string, held: string[], missing: AppRole[] }} Looked
 * @typedef {{ kind: 'done', held: string[], granted: string[] }} Done
 * @typedef {{ kind: 'refused' } | { kind: 'noDefender' } | { kind: 'noRole', name: string } | { kind: 'failed', reason: string, text: string }} Trouble
 * @typedef {import('./hook.mjs').World} World
 */

/** Passes by itself: a busy Graph; and of what names a principal also that Graph does not know it yet. */
const BUSY = /** @type {const} */ (['throttled', 'unavailable'])
const NEW_PRINCIPAL = /** @type {const} */ (['throttled', 'unavailable', 'notFound', 'badRequest'])

/** @param {import('./az.mjs').AzAnswer & { ok: false }} answer @returns {Trouble} */
const troubleOf = ({ reason, text: said }) => (reason === 'forbidden' ? { kind: 'refused' } : { kind: 'failed', reason, text: said })

/** @param {string} said @returns {Trouble} */
const unreadableTrouble = (said) => ({ kind: 'failed', reason: 'other', text: unreadable(said) })

/**
 * Graph's address, without a slash at its end, in the cloud that az is signed in to.
 * @param {World} world
 * @returns {Promise<string | Trouble>}
 */
export async function graphAddress({ az }) {
  const answer = await az(['cloud', 'show', '--query', 'endpoints.microsoftGraphResourceId'])
  if (!answer.ok) return troubleOf(answer)
  const address = parse(answer.text)
  return typeof address === 'string' && address.startsWith('https://')
    ? address.replace(/\/$/, '')
    : { kind: 'failed', reason: 'other', text: `az cloud show names no address of Microsoft Graph: ${answer.text}` }
}

/**
 * Which of the roles an identity has in Defender.
 * @param {World} world
 * @param {string} principalId
 * @param {readonly string[]} [names]
 * @returns {Promise<Looked | Trouble>}
 */
export async function lookAtAppRoles(world, principalId, names = facts.appRoles) {
  const graph = await graphAddress(world)
  if (typeof graph !== 'string') return graph
  const resource = await readResource(world, graph, names)
  if (!('resourceId' in resource)) return resource
  const url = `${graph}/v1.0/servicePrincipals/${principalId}/appRoleAssignments`
  const answer = await patiently(world, NEW_PRINCIPAL, 'Entra does not know the new identity', () => world.az(get(url)))
  if (!answer.ok) return troubleOf(answer)
  const assignments = listOrNone(member(parse(answer.text), 'value'))
  if (!assignments) return unreadableTrouble(answer.text)
  const ids = assignments
    .filter((assignment) => text(assignment, 'resourceId') === resource.resourceId)
    .map((assignment) => text(assignment, 'appRoleId'))
  return {
    kind: 'looked',
    graph,
    resourceId: resource.resourceId,
    held: resource.roles.filter(({ id }) => ids.includes(id)).map(({ name }) => name),
    missing: resource.roles.filter(({ id }) => !ids.includes(id)),
  }
}

/** @param {string} url */
const get = (url) => ['rest', '--method', 'GET', '--url', url]

/**
 * Defender's own entry in the tenant. A list with a filter, since of one that is not there it is empty, and no error.
 * @param {World} world
 * @param {string} graph
 * @param {readonly string[]} names
 * @returns {Promise<{ resourceId: string, roles: AppRole[] } | Trouble>}
 */
async function readResource(world, graph, names) {
  const url = `${graph}/v1.0/servicePrincipals?$filter=appId eq '${facts.resourceAppId}'`
  const answer = await patiently(world, BUSY, 'Microsoft Graph', () => world.az(get(url)))
  if (!answer.ok) return troubleOf(answer)
  const found = listOrNone(member(parse(answer.text), 'value'))
  if (!found) return unreadableTrouble(answer.text)
  const [resource] = found
  const resourceId = text(resource, 'id')
  if (resourceId === '') return { kind: 'noDefender' }
  const offered = list(member(resource, 'appRoles')).filter((role) => texts(member(role, 'allowedMemberTypes')).includes('Application'))
  const roles = names.map((name) => ({
    name,
    id: text(
      offered.find((role) => text(role, 'value') === name),
      'id',
    ),
  }))
  const absent = roles.find(({ id }) => id === '')
  return absent ? { kind: 'noRole', name: absent.name } : { resourceId, roles }
}

/**
 * Grants what is missing; what is there already is fine.
 * @param {World} world
 * @param {string} principalId
 * @param {(body: unknown, use: (argument: string) => Promise<import('./az.mjs').AzAnswer>) => Promise<import('./az.mjs').AzAnswer>} withBody
 * @returns {Promise<Done | Trouble>}
 */
export async function grantAppRoles(world, principalId, withBody) {
  const looked = await lookAtAppRoles(world, principalId)
  if (looked.kind !== 'looked') return looked
  const url = `${looked.graph}/v1.0/servicePrincipals/${principalId}/appRoleAssignments`
  /** @type {Done} */
  const done = { kind: 'done', held: looked.held, granted: [] }
  for (const { name, id } of looked.missing) {
    const body = { principalId, resourceId: looked.resourceId, appRoleId: id }
    const answer = await withBody(body, (argument) =>
      patiently(world, NEW_PRINCIPAL, `Granting ${name}`, () =>
        world.az(['rest', '--method', 'POST', '--url', url, ...JSON_BODY, argument]),
      ),
    )
    if (!answer.ok && answer.reason !== 'exists') return troubleOf(answer)
    ;(answer.ok ? done.granted : done.held).push(name)
  }
  return done
}

const JSON_BODY = ['--headers', 'Content-Type=application/json', '--body']
