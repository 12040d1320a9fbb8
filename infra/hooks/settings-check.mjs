// @ts-check
import { shortOf, unreadable } from './az-reason.mjs'
import { siteArguments, siteOption } from './functions.mjs'
import { listOrNone, parse, texts } from './json.mjs'

/**
 * Connection strings with a key. The host takes `AzureWebJobsStorage` before the identity's settings, and with keys off it works no more.
 * It was reported to come back with a deployment: https://github.com/Azure/azure-functions-host/issues/11796
 */
const KEYED = ['AzureWebJobsStorage', 'DEPLOYMENT_STORAGE_CONNECTION_STRING']

/**
 * Looks at the names of the app's settings, not at their values.
 * @param {import('./hook.mjs').World} world
 * @returns {Promise<string[]>}
 */
export async function checkSettings({ az, env }) {
  const answer = await az(['functionapp', 'config', 'appsettings', 'list', ...siteArguments(env), '--query', '[].name'])
  if (!answer.ok) return [`The app's settings could not be read: ${shortOf(answer.text)}`]
  const entries = listOrNone(parse(answer.text))
  if (!entries) return [`The app's settings could not be looked at: ${unreadable(answer.text)}`]
  const names = texts(entries)
  const back = KEYED.filter((name) => names.includes(name))
  if (back.length === 0) return []
  return [
    `WARNING  The app has ${back.join(' and ')}, a connection string with a key, which the identity replaces and which does not work here. Delete it:`,
    `  az functionapp config appsettings delete ${siteOption(env)} --setting-names ${back.join(' ')}`,
  ]
}
