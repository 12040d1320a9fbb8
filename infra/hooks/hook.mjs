// @ts-check
import { setTimeout as sleep } from 'node:timers/promises'
import { createAz } from './az.mjs'

/**
 * All that a hook knows of the world outside.
 * @typedef {{ now(): number, sleep(ms: number): Promise<void> }} Clock in ms
 * @typedef {{ env: import('./az.mjs').Env, az: import('./az.mjs').Az, clock: Clock, say: (line: string) => void }} World
 * @typedef {(world: World) => Promise<number>} Hook answers its exit code: azd goes on after 0 only
 */

/**
 * How what is missing is made. Without the option azd does nothing where template and inputs are those of last time, whatever became of the
 * resources since: https://github.com/Azure/azure-dev/issues/8349
 */
export const PROVISION = 'azd provision --no-state'

/** Runs a hook for azd, with the real world. @param {Hook} hook */
export async function runHook(hook) {
  process.exitCode = await hook({
    env: process.env,
    az: createAz(process.env),
    clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
    say: (line) => console.log(line),
  })
}

/**
 * What a template must have given; says which values are not there.
 * @param {World} world
 * @param {readonly string[]} names
 */
export function hasOutputs({ env, say }, names) {
  const missing = names.filter((name) => !env[name])
  if (missing.length === 0) return true
  say(`azd's environment has no ${missing.join(', ')}: run \`${PROVISION}\` first, whose template gives them.`)
  return false
}
