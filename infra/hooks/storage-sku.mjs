// @ts-check
import { shortOf, unreadable } from './az-reason.mjs'
import { note, stop, unknown } from './finding.mjs'
import { list, listOrNone, member, parse, text, texts } from './json.mjs'
import { sameRegion } from './region.mjs'

/**
 * Whether the region has the redundancy that the storage is to have: zones are not everywhere.
 * @param {import('./hook.mjs').World} world
 * @param {string} subscriptionId
 * @param {string} region
 * @returns {Promise<import('./finding.mjs').Finding>}
 */
export async function checkStorageSku({ az, env }, subscriptionId, region) {
  const sku = env.PATCHTRAIL_STORAGE_SKU || 'Standard_ZRS'
  const query = `[?name=='${sku}' && kind=='StorageV2'].{locations: locations, restrictions: restrictions}`
  const answer = await az(['storage', 'sku', 'list', '--subscription', subscriptionId, '--query', query])
  const what = `whether ${region} has storage of the kind ${sku}`
  if (!answer.ok) return unknown(what, `az storage sku list: ${shortOf(answer.text)}`)
  const entries = listOrNone(parse(answer.text))
  if (!entries) return unknown(what, unreadable(answer.text))
  if (entries.length === 0) return unknown(what, `az storage sku list names ${sku} nowhere.`)
  const here = entries.filter((entry) => texts(member(entry, 'locations')).some((name) => sameRegion(name, region)))
  if (here.some((entry) => !isRestricted(entry, region))) return note(`Storage: ${region} has ${sku}.`)
  const instead = sku === 'Standard_LRS' ? '' : 'azd env set PATCHTRAIL_STORAGE_SKU Standard_LRS; or '
  return stop(
    `${region} has no storage of the kind ${sku}${here.length > 0 ? ' for this subscription' : ''}. ` +
      `Take another: ${instead}azd env set AZURE_LOCATION <region>`,
  )
}

/** @param {unknown} entry @param {string} region */
const isRestricted = (entry, region) =>
  list(member(entry, 'restrictions')).some(
    (restriction) =>
      text(restriction, 'type').toLowerCase() === 'location' &&
      texts(member(restriction, 'values')).some((name) => sameRegion(name, region)),
  )
