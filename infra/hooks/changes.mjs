// @ts-check
import { sameId } from './account.mjs'

/**
 * What an installation is, and what this environment would make of it. Undefined: not known.
 * @typedef {{ name: string, now: string, later: string }} Change
 * @typedef {Readonly<Record<string, string | undefined>>} Settings of the app, by name
 */

const AS_THEY_ARE = ['TABLE_PREFIX', 'MACHINE_FILTER', 'MACHINE_PLATFORMS']

/** Whose values say which installation it is. */
export const TELLING = ['DEFENDER_CLIENT_ID', 'DEFENDER_TENANT_ID', 'DEFENDER_CLOUD', ...AS_THEY_ARE, 'STORAGE_TABLES_URL']

/**
 * What would be another than it is, as the template makes settings of azd's variables: infra/main.bicep.
 * @param {Settings} settings
 * @param {string} site its name ends as that of its storage account
 * @param {import('./az.mjs').Env} env
 * @param {import('./account.mjs').Account} account
 * @returns {Change[]}
 */
export function changesOf(settings, site, env, account) {
  /** @param {string} name */
  const now = (name) => settings[name]?.trim() ?? ''
  /** @param {string} name */
  const later = (name) => env[name]?.trim() ?? ''
  /** @param {string} name @param {string} [unset] what the template takes for an empty one @returns {Change} */
  const compare = (name, unset = '') => ({ name, now: now(name), later: later(name) || unset })
  const client = compare('DEFENDER_CLIENT_ID')
  // A setting for one tenant only; with many it is not there.
  const isOneTenant = client.now === '' && client.later === ''
  const ids = [client, ...(isOneTenant ? [compare('DEFENDER_TENANT_ID', account.tenantId)] : [])]
  const cloud = compare('DEFENDER_CLOUD', account.cloud === 'AzureUSGovernment' ? 'gcchigh' : 'commercial')
  const history = historyChange(now('STORAGE_TABLES_URL'), site, later('PATCHTRAIL_HISTORY_ACCOUNT'))
  return [
    ...ids.filter((change) => !sameId(change.now, change.later)),
    ...[cloud, ...AS_THEY_ARE.map((name) => compare(name))].filter((change) => change.now !== change.later),
    ...history,
  ]
}

/**
 * Which account keeps the history: the app's own has the end of the site's name.
 * @param {string} url
 * @param {string} site
 * @param {string} wanted empty: the app's own
 * @returns {Change[]}
 */
function historyChange(url, site, wanted) {
  const is = URL.canParse(url) ? new URL(url).hostname.split('.')[0] : undefined
  const own = site.replace(/^patchtrail-/, 'patchtrail')
  if (!is || sameId(is, wanted || own)) return []
  return [{ name: 'PATCHTRAIL_HISTORY_ACCOUNT', now: sameId(is, own) ? '' : is, later: wanted }]
}
