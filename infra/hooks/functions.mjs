// @ts-check
import { parse } from './json.mjs'
import { quoted } from './quoted.mjs'

/**
 * How many functions the app has: none before its first deployment. Undefined where az does not say.
 * @param {import('./hook.mjs').World} world
 * @returns {Promise<number | undefined>}
 */
export async function countFunctions({ az, env }) {
  const answer = await az(['functionapp', 'function', 'list', ...siteArguments(env), '--query', 'length(@)'])
  const count = answer.ok ? parse(answer.text) : undefined
  return typeof count === 'number' ? count : undefined
}

/** The same in a command for a person. @param {import('./az.mjs').Env} env */
export const siteOption = (env) => siteArguments(env).map(quoted).join(' ')

/** Which app az is to speak of. @param {import('./az.mjs').Env} env */
export const siteArguments = (env) => [
  '--subscription',
  env.AZURE_SUBSCRIPTION_ID ?? '',
  '--resource-group',
  env.AZURE_RESOURCE_GROUP ?? '',
  '--name',
  env.PATCHTRAIL_APP_NAME ?? '',
]
