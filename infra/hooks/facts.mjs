// @ts-check
import { readFileSync } from 'node:fs'
import { quoted } from './quoted.mjs'

/**
 * What Defender and the clouds call things: kept as JSON, so that Bicep reads the same file.
 * @typedef {{ azureCloud: string, authorityUrl: string, assertionAudience: string }} CloudFacts
 * @type {{ resourceAppId: string, resourceName: string, appRoles: string[], grantingRoles: string[], clouds: Record<string, CloudFacts> }}
 */
export const facts = JSON.parse(readFileSync(new URL('../grants/facts.json', import.meta.url), 'utf8'))

/**
 * The cloud that a name of `DEFENDER_CLOUD` means; none, or one that the app would refuse: the commercial one.
 * @param {string | undefined} name
 * @returns {CloudFacts}
 */
export function cloudOf(name) {
  const found = facts.clouds[name ?? ''] ?? facts.clouds.commercial
  if (!found) throw new Error('infra/grants/facts.json names no commercial cloud')
  return found
}

/**
 * How to sign in to a tenant, in both shells; az begins in the commercial cloud.
 * @param {string | undefined} cloud
 * @param {string} tenant
 */
export function signIn(cloud, tenant) {
  const { azureCloud } = cloudOf(cloud)
  const steps = [...(azureCloud === 'AzureCloud' ? [] : [`az cloud set --name ${azureCloud}`]), `az login --tenant ${quoted(tenant)}`]
  return { bash: steps.join(' && '), powerShell: steps.join('; ') }
}

/** "A, B or C". @param {readonly string[]} names */
export const anyOf = (names) => names.join(', ').replace(/, ([^,]*)$/, ' or $1')
/** "A, B and C". @param {readonly string[]} names */
export const allOf = (names) => names.join(', ').replace(/, ([^,]*)$/, ' and $1')
