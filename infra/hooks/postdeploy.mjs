// @ts-check
// After the package was sent: does what was deployed run? Fails for another version, or for no answer; what is only slow is said.
// By hand: `azd hooks run postdeploy`.
import { readFileSync } from 'node:fs'
import { isMain } from '../../dev/is-main.mjs'
import { awaitHealth } from './await-health.mjs'
import { defenderReport } from './defender.mjs'
import { siteOption } from './functions.mjs'
import { hasOutputs, PROVISION, runHook } from './hook.mjs'
import { parse, text } from './json.mjs'
import { nextSteps } from './next-steps.mjs'
import { checkSettings } from './settings-check.mjs'

const OUTPUTS = ['PATCHTRAIL_HOST', 'PATCHTRAIL_APP_NAME', 'AZURE_RESOURCE_GROUP', 'AZURE_SUBSCRIPTION_ID']

/** The version that the package was made of. */
const ownVersion = () => text(parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')), 'version')

/** @type {import('./hook.mjs').Hook} */
export async function postdeploy(world) {
  if (!hasOutputs(world, OUTPUTS)) return 1
  const { say } = world
  const version = ownVersion()
  const { lines, code } = judge(await awaitHealth(world, version), version, world.env)
  for (const line of [...lines, ...(await checkSettings(world))]) say(line)
  if (code === 0) for (const line of [...(await defenderReport(world, 'look')), ...nextSteps(world.env)]) say(line)
  return code
}

/**
 * @param {import('./await-health.mjs').Seen} seen
 * @param {string} version
 * @param {import('./az.mjs').Env} env
 * @returns {{ lines: string[], code: number }}
 */
function judge({ verdict, health, said }, version, env) {
  const detail = health?.detail ? ` ${health.detail}` : ''
  switch (verdict) {
    case 'ready':
      return { lines: [`Version ${version} runs, and its timer does (${health?.status}).${detail}`], code: 0 }
    case 'broken':
      return {
        lines: [
          `Version ${version} runs, and cannot work:${detail} Set them in azd's environment (azd env set NAME value), then: ${PROVISION}`,
        ],
        code: 0,
      }
    case 'noTick':
      return {
        lines: [
          `Version ${version} runs (${health?.status}), but its timer has not fired in the last two minutes.${detail}`,
          'It may only be slow. If lastTickAt stands still in some minutes, the role Storage Blob Data Owner or a setting AzureWebJobsStorage__… ' +
            `is missing. Both are the template's: ${PROVISION}`,
        ],
        code: 0,
      }
    case 'otherVersion':
      return {
        lines: [`The app still answers as version ${health?.version}, not ${version}. Look whether the deployment ended, then: azd deploy`],
        code: 1,
      }
    case 'silent':
      return {
        lines: [
          `https://${env.PATCHTRAIL_HOST}/api/health gave no answer of the app in ten minutes: ${said}`,
          'Open it in a browser. If it answers there, this computer does not reach it. If not: az functionapp function list ' +
            `${siteOption(env)} --query "[].name" must name tick; then: azd deploy`,
        ],
        code: 1,
      }
  }
}

if (isMain(import.meta.url)) await runHook(postdeploy)
