// @ts-check
// Before anything is made: what would make it fail, each with what to do. Run by azd, or by hand: `azd hooks run preprovision`.
import { isMain } from '../../dev/is-main.mjs'
import { readAccount } from './account.mjs'
import { unknown } from './finding.mjs'
import { checkHistoryRights, checkRights } from './group-rights.mjs'
import { runHook } from './hook.mjs'
import { checkInstallation } from './installation.mjs'
import { checkProviders } from './providers.mjs'
import { checkRegion } from './region.mjs'
import { checkStorageSku } from './storage-sku.mjs'
import { checkValues, isOn } from './values.mjs'

/** @type {import('./hook.mjs').Hook} */
export async function preprovision(world) {
  const { env, say } = world
  const read = await readAccount(world)
  const findings = [...checkValues(env), ...('finding' in read ? [read.finding] : await look(world, read.account))]
  for (const { stops, text } of findings) say(stops ? `STOP  ${text}` : `      ${text}`)
  const stops = findings.filter((finding) => finding.stops).length
  if (stops > 0)
    say(
      `Nothing was made${env.AZURE_ENV_NAME ? ` in ${env.AZURE_ENV_NAME}` : ''}. ${stops === 1 ? 'Mend this' : 'Mend these'}, then run the same again.`,
    )
  return stops > 0 ? 1 : 0
}

/**
 * @param {import('./hook.mjs').World} world
 * @param {import('./account.mjs').Account} account
 */
async function look(world, account) {
  const { AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP, AZURE_LOCATION, PATCHTRAIL_PRIVATE_NETWORK, PATCHTRAIL_ZONE_REDUNDANT } = world.env
  const asks = 'azd has not been told yet, and asks after this. To have it checked:'
  return [
    ...(AZURE_SUBSCRIPTION_ID && AZURE_RESOURCE_GROUP
      ? [
          await checkRights(world, account, AZURE_RESOURCE_GROUP),
          ...(await checkHistoryRights(world, account, AZURE_RESOURCE_GROUP)),
          ...(await checkInstallation(world, account, AZURE_RESOURCE_GROUP)),
        ]
      : [unknown('your rights', `${asks} azd env set AZURE_SUBSCRIPTION_ID <id>; azd env set AZURE_RESOURCE_GROUP <name>`)]),
    AZURE_LOCATION
      ? await checkRegion(world, AZURE_LOCATION, isOn(PATCHTRAIL_ZONE_REDUNDANT))
      : unknown('the region', `${asks} azd env set AZURE_LOCATION <region>`),
    ...(AZURE_SUBSCRIPTION_ID && AZURE_LOCATION ? [await checkStorageSku(world, AZURE_SUBSCRIPTION_ID, AZURE_LOCATION)] : []),
    ...(AZURE_SUBSCRIPTION_ID
      ? await checkProviders(world, AZURE_SUBSCRIPTION_ID, isOn(PATCHTRAIL_PRIVATE_NETWORK))
      : [unknown('the resource providers', `${asks} azd env set AZURE_SUBSCRIPTION_ID <id>`)]),
  ]
}

if (isMain(import.meta.url)) await runHook(preprovision)
