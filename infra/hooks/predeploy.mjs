// @ts-check
// Before the package is sent: waits until the identity's roles on the storage are there and have spread. The platform writes the package
// as this identity, azd repeats no upload, and the first deployment would meet a 403. By hand: `azd hooks run predeploy`.
import { isMain } from '../../dev/is-main.mjs'
import { shortOf, unreadable } from './az-reason.mjs'
import { allOf } from './facts.mjs'
import { countFunctions } from './functions.mjs'
import { hasOutputs, PROVISION, runHook } from './hook.mjs'
import { parse } from './json.mjs'
import { patiently } from './patiently.mjs'
import { poll } from './poll.mjs'
import { quoted } from './quoted.mjs'
import { assignmentsOf, judgeRoles, SPREAD_MS, wantedRoles } from './storage-roles.mjs'

const OUTPUTS = ['PATCHTRAIL_PRINCIPAL_ID', 'PATCHTRAIL_STORAGE_ID', 'PATCHTRAIL_APP_NAME', 'AZURE_RESOURCE_GROUP', 'AZURE_SUBSCRIPTION_ID']
const LIMIT_MS = 600_000

/** @type {import('./hook.mjs').Hook} */
export async function predeploy(world) {
  if (!hasOutputs(world, OUTPUTS)) return 1
  const { clock, say, env } = world
  const wanted = wantedRoles(env)
  const accounts = [...new Set(wanted.map(({ account }) => account))]
  let told = ''
  return poll(clock, LIMIT_MS, async (isLast) => {
    const read = await readAssignments(world, accounts)
    if (typeof read === 'string') return waitUnseen(world, read)
    const { missing, waitMs } = judgeRoles(wanted, read, clock.now())
    if (missing.length === 0) return waitSeen(world, waitMs)
    if (isLast) return giveUp(world, missing)
    const names = allOf(missing.map(({ name }) => name))
    if (names !== told) say(`The app's identity has no ${names} on the storage yet. Looking again, ${LIMIT_MS / 60_000} minutes at most.`)
    told = names
    return undefined
  })
}

/**
 * @param {import('./hook.mjs').World} world
 * @param {readonly string[]} accounts
 * @returns {Promise<import('./storage-roles.mjs').Assignment[] | string>} why not, where they cannot be read
 */
async function readAssignments(world, accounts) {
  const { az, env } = world
  const filter = `api-version=2022-04-01&$filter=principalId eq '${env.PATCHTRAIL_PRINCIPAL_ID}'`
  const found = []
  for (const account of accounts) {
    const url = `${account}/providers/Microsoft.Authorization/roleAssignments?${filter}`
    const answer = await patiently(world, ['throttled', 'unavailable'], 'Role assignments', () =>
      az(['rest', '--method', 'GET', '--url', url]),
    )
    if (!answer.ok) return shortOf(answer.text)
    const assignments = assignmentsOf(parse(answer.text))
    if (!assignments) return unreadable(answer.text)
    found.push(...assignments)
  }
  return found
}

/** @param {import('./hook.mjs').World} world @param {number} waitMs */
async function waitSeen({ clock, say }, waitMs) {
  if (waitMs === 0) return 0
  say(`The newest role of the app's identity on the storage is younger than ${SPREAD_MS / 60_000} minutes, and may not have spread.`)
  return wait({ clock, say }, waitMs)
}

/**
 * Who has deployed before has roles that have spread.
 * @param {import('./hook.mjs').World} world
 * @param {string} why
 */
async function waitUnseen(world, why) {
  const { clock, say } = world
  say(`The roles of the app's identity on the storage could not be read: ${why}`)
  const functions = await countFunctions(world)
  if (functions !== undefined && functions > 0) {
    say('The app has been deployed before, so they are taken to be there.')
    return 0
  }
  say(
    `${functions === 0 ? 'This is the first deployment' : 'Whether this is the first deployment could not be read either'}, so they may not have spread.`,
  )
  return wait({ clock, say }, SPREAD_MS)
}

/** @param {Pick<import('./hook.mjs').World, 'clock' | 'say'>} world @param {number} waitMs */
async function wait({ clock, say }, waitMs) {
  say(`Waiting ${Math.ceil(waitMs / 1000)} s. Should the deployment fail with 403 all the same, run \`azd deploy\` again in some minutes.`)
  await clock.sleep(waitMs)
  return 0
}

/** @param {import('./hook.mjs').World} world @param {readonly import('./storage-roles.mjs').WantedRole[]} missing */
function giveUp({ env, say }, missing) {
  say(`After ${LIMIT_MS / 60_000} minutes the app's identity (${env.PATCHTRAIL_PRINCIPAL_ID}) still lacks:`)
  for (const { name, account } of missing) say(`  ${name} on ${account}`)
  say(`The template assigns them: run \`${PROVISION}\`, and look at what it says of roleAssignments. By hand, as Owner of the account:`)
  for (const { name, account } of missing) {
    const who = `--assignee-object-id ${quoted(env.PATCHTRAIL_PRINCIPAL_ID ?? '')} --assignee-principal-type ServicePrincipal`
    say(`  az role assignment create ${who} --role ${quoted(name)} --scope ${quoted(account)}`)
  }
  say('Then: azd deploy')
  return 1
}

if (isMain(import.meta.url)) await runHook(predeploy)
