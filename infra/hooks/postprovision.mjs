// @ts-check
// After the resources were made: tries to let the app into Defender. Ends well whatever comes of it, since the person may not be an
// administrator of Entra and everything else is there; with PATCHTRAIL_GRANT=false it only looks. By hand: `azd hooks run postprovision`.
import { isMain } from '../../dev/is-main.mjs'
import { defenderReport } from './defender.mjs'
import { hasOutputs, runHook } from './hook.mjs'

const OUTPUTS = ['PATCHTRAIL_PRINCIPAL_ID', 'PATCHTRAIL_TENANT_ID', 'PATCHTRAIL_APP_NAME', 'AZURE_RESOURCE_GROUP', 'AZURE_SUBSCRIPTION_ID']

/** @type {import('./hook.mjs').Hook} */
export async function postprovision(world) {
  if (!hasOutputs(world, OUTPUTS)) return 0
  const mayGrant = world.env.PATCHTRAIL_GRANT !== 'false'
  for (const line of await defenderReport(world, mayGrant ? 'grant' : 'look')) world.say(line)
  return 0
}

if (isMain(import.meta.url)) await runHook(postprovision)
