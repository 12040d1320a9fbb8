// @ts-check
import { note, stop, unknown } from './finding.mjs'
import { parse, texts } from './json.mjs'
import { shortOf } from './az-reason.mjs'

/** "West Europe" and "westeurope" are one region. @param {string} name */
const plain = (name) => name.toLowerCase().replace(/\s/g, '')
/** @param {string} a @param {string} b */
export const sameRegion = (a, b) => plain(a) === plain(b)

/**
 * Whether Flex Consumption is in the region.
 * @param {import('./hook.mjs').World} world
 * @param {string} region
 * @param {boolean} isZoneRedundant
 * @returns {Promise<import('./finding.mjs').Finding>}
 */
export async function checkRegion({ az }, region, isZoneRedundant) {
  const zones = isZoneRedundant ? ['--zone-redundant=true'] : []
  const command = ['functionapp', 'list-flexconsumption-locations', ...zones]
  const answer = await az([...command, '--query', '[].name'])
  const what = `whether ${region} has Flex Consumption${isZoneRedundant ? ' with zone redundancy' : ''}`
  if (!answer.ok) return unknown(what, `az ${command.join(' ')}: ${shortOf(answer.text)}`)
  const regions = texts(parse(answer.text))
  if (regions.length === 0) return unknown(what, `az ${command.join(' ')} lists no region.`)
  if (regions.some((name) => sameRegion(name, region)))
    return note(`Region: ${region} has Flex Consumption${isZoneRedundant ? ' with zone redundancy' : ''}.`)
  const without = isZoneRedundant ? ', or do without: azd env set PATCHTRAIL_ZONE_REDUNDANT false' : ''
  return stop(
    `${region} has no Flex Consumption${isZoneRedundant ? ' with zone redundancy' : ''}. Take a region that has it ` +
      `(az ${command.join(' ')} --output table): azd env set AZURE_LOCATION <region>${without}`,
  )
}
