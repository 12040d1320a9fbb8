// @ts-check
import { anyOf } from './facts.mjs'
import { stop } from './finding.mjs'
import { quoted } from './quoted.mjs'

/** What the template takes, by the variable of azd that it comes from; empty is the default. Others fail after minutes, in its words. */
export const LISTS = {
  DEFENDER_CLOUD: ['commercial', 'gcc', 'gcchigh', 'dod'],
  PATCHTRAIL_INSTANCE_MEMORY_MB: ['512', '2048', '4096'],
  PATCHTRAIL_NODE_VERSION: ['22', '24'],
  PATCHTRAIL_STORAGE_SKU: ['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'],
}
/** @type {Readonly<Record<string, readonly [number, number]>>} */
export const RANGES = { PATCHTRAIL_MAXIMUM_INSTANCE_COUNT: [1, 1000], PATCHTRAIL_LEAST_COVERAGE_PERCENT: [1, 100] }
/** The template's switches, and the hooks' own, which it does not know. */
const TEMPLATE_SWITCHES = ['PATCHTRAIL_PRIVATE_NETWORK', 'PATCHTRAIL_ZONE_REDUNDANT', 'PATCHTRAIL_AVAILABILITY_TEST']
export const HOOK_SWITCHES = ['PATCHTRAIL_CONFIRM_CHANGES', 'PATCHTRAIL_DELETE_HISTORY', 'PATCHTRAIL_GRANT']
const ADDRESS = /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/

/**
 * Whether the variables have values that the template takes. Asks nobody.
 * @param {import('./az.mjs').Env} env
 * @returns {import('./finding.mjs').Finding[]}
 */
export function checkValues(env) {
  return [
    ...Object.entries(LISTS).flatMap(([name, values]) => refuse(env, name, (value) => values.includes(value), anyOf(values))),
    ...Object.entries(RANGES).flatMap(([name, [least, most]]) =>
      refuse(env, name, (value) => /^\d{1,6}$/.test(value) && Number(value) >= least && Number(value) <= most, `${least} to ${most}`),
    ),
    ...[...TEMPLATE_SWITCHES, ...HOOK_SWITCHES].flatMap((name) => refuse(env, name, isSwitch, 'true or false')),
    ...refuse(env, 'PATCHTRAIL_ALERT_EMAILS', areAddresses, 'addresses between commas, without spaces or semicolons'),
  ]
}

/** Whether a switch is on: written in no other way. @param {string | undefined} value */
export const isOn = (value) => value === 'true'

/** @param {string} value */
const isSwitch = (value) => value === 'true' || value === 'false'

/** The template leaves out what is empty between commas. @param {string} value */
const areAddresses = (value) => value.split(',').every((part) => part === '' || ADDRESS.test(part))

/**
 * @param {import('./az.mjs').Env} env
 * @param {string} name
 * @param {(value: string) => boolean} fits
 * @param {string} taken
 */
function refuse(env, name, fits, taken) {
  const value = env[name] ?? ''
  if (value === '' || fits(value)) return []
  return [stop(`${name} is ${quoted(value)}; taken are: ${taken}. Set it (azd env set ${name} …), or to '' for what is usual.`)]
}
