// @ts-check
import { shortOf, unreadable } from './az-reason.mjs'
import { changesOf, TELLING } from './changes.mjs'
import { note, stop, unknown } from './finding.mjs'
import { listOrNone, member, parse, text } from './json.mjs'
import { quoted } from './quoted.mjs'
import { isOn } from './values.mjs'

/**
 * @typedef {import('./finding.mjs').Finding} Finding
 * @typedef {import('./hook.mjs').World} World
 */

const WHAT = 'whether this would change what an installation that is there reads or where it keeps its history'
const CONFIRM = 'PATCHTRAIL_CONFIRM_CHANGES'

/**
 * What makes an installation this one is known to azd's environment on one machine only. Deployed from another without, the same app would
 * read other machines, or begin its history anew in another place, and no error would say so.
 * @param {World} world
 * @param {import('./account.mjs').Account} account
 * @param {string} group
 * @returns {Promise<Finding[]>}
 */
export async function checkInstallation(world, account, group) {
  const { az, env } = world
  const place = ['--subscription', account.subscriptionId, '--resource-group', group]
  const query = '[].{name: name, tags: tags}'
  const answer = await az(['resource', 'list', ...place, '--resource-type', 'Microsoft.Web/sites', '--query', query])
  if (!answer.ok && answer.reason === 'notFound') return [note(`The resource group ${group} is not there yet, nor an installation in it.`)]
  if (!answer.ok) return [unknown(WHAT, `az resource list: ${shortOf(answer.text)}`)]
  const sites = listOrNone(parse(answer.text))
  if (!sites) return [unknown(WHAT, unreadable(answer.text))]
  const own = sites.filter((site) => text(member(site, 'tags'), 'azd-service-name') === 'patchtrail')
  const name = text(
    own.find((site) => environmentOf(site) === env.AZURE_ENV_NAME),
    'name',
  )
  if (name !== '') return compare(world, account, place, name)
  const others = own.map((site) => `${text(site, 'name')} of ${environmentOf(site) || 'no environment'}`)
  const beside = others.length === 0 ? '' : ` A new one is made beside: ${others.join(', ')}.`
  return [note(`The resource group ${group} has no installation of the environment ${env.AZURE_ENV_NAME ?? ''} yet.${beside}`)]
}

/** @param {unknown} site */
const environmentOf = (site) => text(member(site, 'tags'), 'azd-env-name')

/**
 * @param {World} world
 * @param {import('./account.mjs').Account} account
 * @param {string[]} place
 * @param {string} site
 * @returns {Promise<Finding[]>}
 */
async function compare({ az, env }, account, place, site) {
  const query = `[?contains([${TELLING.map((name) => `'${name}'`).join(', ')}], name)].{name: name, value: value}`
  const answer = await az(['functionapp', 'config', 'appsettings', 'list', ...place, '--name', site, '--query', query])
  if (!answer.ok) return [unknown(WHAT, `az functionapp config appsettings list: ${shortOf(answer.text)}`)]
  const entries = listOrNone(parse(answer.text))
  if (!entries) return [unknown(WHAT, unreadable(answer.text))]
  // The template always sets this one.
  if (!entries.some((entry) => text(entry, 'name') === 'DEFENDER_CLOUD' && text(entry, 'value') !== ''))
    return [unknown(WHAT, `${site} does not tell its settings.`)]
  const settings = Object.fromEntries(entries.map((entry) => [text(entry, 'name'), text(entry, 'value')]))
  const changes = changesOf(settings, site, env, account)
  if (changes.length === 0) return [note(`Installation: ${site} stays what it is.`), ...reminder(env)]
  const listed = changes.map(({ name, now, later }) => `\n        ${name}: now ${shown(now)}, would become ${shown(later)}`).join('')
  if (isOn(env[CONFIRM])) return [note(`${site} becomes another installation, as ${CONFIRM} says:${listed}`), ...reminder(env)]
  const keep = changes.map(({ name, now }) => `\n        azd env set ${name} ${quoted(now)}`).join('')
  return [
    stop(
      `${site} would become another installation:${listed}\n      To keep it:${keep}${groupOf(changes)}\n      To change it: azd env set ${CONFIRM} true`,
    ),
  ]
}

/** @param {string} value */
const shown = (value) => (value === '' ? 'empty' : value)

/** The address of an account does not tell its group. @param {import('./changes.mjs').Change[]} changes */
const groupOf = (changes) =>
  changes.some(({ name, now }) => name === 'PATCHTRAIL_HISTORY_ACCOUNT' && now !== '')
    ? '\n        azd env set PATCHTRAIL_HISTORY_ACCOUNT_GROUP <its resource group, where that is another>'
    : ''

/** Left on, it would confirm the next change as well. @param {import('./az.mjs').Env} env */
const reminder = (env) => (isOn(env[CONFIRM]) ? [note(`Afterwards: azd env set ${CONFIRM} false`)] : [])
