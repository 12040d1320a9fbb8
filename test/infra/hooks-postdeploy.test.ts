import { expect, test } from 'vitest'
import { describeProblems } from '../../src/edge/refusal.ts'
import { postdeploy } from '../../infra/hooks/postdeploy.mjs'
import packageJson from '../../package.json' with { type: 'json' }
import {
  assignmentsUrl,
  defenderThere,
  graphCloud,
  held,
  MACHINES,
  noRightInAzure,
  OUTPUTS,
  REGISTRATION,
  signedIn,
  SOFTWARE,
} from './azure-answers.ts'
import { fails, fakeWorld, HOUR, NOW, type Rule, says } from './fake-az.ts'

const { version } = packageJson
const URL = `https://${OUTPUTS.PATCHTRAIL_HOST}/api/health`
const at = (ms: number) => new Date(NOW + ms).toISOString()
const starting = (more: object = {}) => {
  const body = { status: 'starting', detail: 'No snapshot has ended yet.', version, lastTickAt: at(-30_000), ...more }
  return fails(`Service Unavailable(${JSON.stringify(body)})`)
}
const settings = (...names: string[]): Rule => ['appsettings list', says(names)]
const around = (health: Rule, ...rules: Rule[]): Rule[] => [
  health,
  ...rules,
  settings('AzureWebJobsStorage__blobServiceUri'),
  signedIn,
  graphCloud,
  defenderThere,
  [['GET', assignmentsUrl], held(MACHINES, SOFTWARE)],
]

async function run(rules: Rule[], env: Record<string, string> = {}) {
  const { world, tools, said, waitedSeconds } = fakeWorld(rules, { ...OUTPUTS, ...env })
  return { code: await postdeploy(world), said: said(), tools, waited: waitedSeconds() }
}

test('an app that is starting is fine: 503 with its own words', async () => {
  const { code, said, tools, waited } = await run(around([URL, starting()]))
  expect(code).toBe(0)
  expect(said).toContain(`Version ${version} runs, and its timer does (starting). No snapshot has ended yet.`)
  expect(tools.callsWith(URL)[0]?.args).toContain('--skip-authorization-header')
  expect(waited).toBe(0)
})

test('it says the address, the key and the first snapshot, for both shells', async () => {
  const { said } = await run(around([URL, says({ status: 'ok', version, lastTickAt: at(0) })]))
  expect(said).toContain(`The app: https://${OUTPUTS.PATCHTRAIL_HOST}`)
  expect(said).toContain('--name func-pt --query functionKeys.default --output tsv')
  expect(said).toContain(`curl -sS -X POST -H "x-functions-key: $KEY" "https://${OUTPUTS.PATCHTRAIL_HOST}/api/sync"`)
  expect(said).toContain('Invoke-RestMethod -Method POST')
  expect(said).not.toContain('WARNING')
})

test('a slow app is waited for, and each state is told once', async () => {
  const old = starting({ version: '0.0.9' })
  const health: Rule = [
    URL,
    fails('Bad Gateway(<html>)'),
    fails('Bad Gateway(<html>)'),
    old,
    starting({ lastTickAt: null }),
    starting({ lastTickAt: at(40_000) }),
  ]
  const { code, said, waited } = await run(around(health))
  expect(code).toBe(0)
  expect(said.match(/no answer of the app yet/g)).toHaveLength(1)
  expect(said).toContain('still version 0.0.9.')
  expect(waited).toBe(5 + 10 + 15 + 20)
})

test('another version after ten minutes fails', async () => {
  const { code, said, tools, waited } = await run(around([URL, starting({ version: '0.0.9' })]))
  expect(code).toBe(1)
  expect(said).toContain(`The app still answers as version 0.0.9, not ${version}.`)
  expect(said).not.toContain('functionKeys')
  expect(tools.callsWith(URL)).toHaveLength(24)
  expect(waited).toBe(600)
})

test('no answer after ten minutes fails, with what az said', async () => {
  const { code, said } = await run(around([URL, fails('HTTPSConnectionPool: Max retries exceeded')]))
  expect(code).toBe(1)
  expect(said).toContain('gave no answer of the app in ten minutes: HTTPSConnectionPool: Max retries exceeded')
  expect(said).toContain('must name tick; then: azd deploy')
})

test('a timer that has not fired is only said', async () => {
  const { code, said } = await run(
    around([URL, starting({ status: 'blocked', detail: 'The table storage does not answer.', lastTickAt: null })]),
  )
  expect(code).toBe(0)
  expect(said).toContain('its timer has not fired in the last two minutes. The table storage does not answer.')
  expect(said).toContain(
    "Storage Blob Data Owner or a setting AzureWebJobsStorage__… is missing. Both are the template's: azd provision --no-state",
  )
})

test('settings that are wrong are not waited for', async () => {
  const detail = describeProblems([{ name: 'SYNC_SCHEDULE', expected: 'NCRONTAB' }])
  const { code, said, waited } = await run(around([URL, starting({ status: 'blocked', detail, lastTickAt: null })]))
  expect(code).toBe(0)
  expect(said).toContain(`Version ${version} runs, and cannot work: ${detail}`)
  expect(said).toContain('(azd env set NAME value), then: azd provision --no-state')
  expect(waited).toBe(0)
})

test('a connection string that came back is a warning, with the command that deletes it', async () => {
  const back = settings('DEPLOYMENT_STORAGE_CONNECTION_STRING', 'AzureWebJobsStorage', 'AzureWebJobsStorage__clientId')
  const { code, said } = await run(around([URL, starting()], back))
  expect(code).toBe(0)
  expect(said).toContain(
    'WARNING  The app has AzureWebJobsStorage and DEPLOYMENT_STORAGE_CONNECTION_STRING, a connection string with a key',
  )
  expect(said).toContain('--name func-pt --setting-names AzureWebJobsStorage DEPLOYMENT_STORAGE_CONNECTION_STRING')
})

test('settings that may not be read are only said', async () => {
  const { code, said } = await run(around([URL, starting()], ['appsettings list', noRightInAzure]))
  expect(code).toBe(0)
  expect(said).toContain("The app's settings could not be read: The client does not have authorization")
})

test('permissions that are missing are said again, and nothing is granted', async () => {
  const { code, said, tools } = await run(around([URL, starting()], [['GET', assignmentsUrl], held(MACHINES)], ['function list', says(31)]))
  expect(code).toBe(0)
  expect(said).toContain("The app's identity lacks Software.Read.All in Defender (WindowsDefenderATP).")
  expect(said).toContain('bash infra/grants/grant.sh')
  expect(said).toContain('after the grant restart it')
  expect(tools.callsWith('POST')).toEqual([])
})

test('many tenants: the first tenant is the next step, with the master key', async () => {
  const { said } = await run(around([URL, starting()], ['federatedIdentityCredentials', says({ value: [] })]), {
    DEFENDER_CLIENT_ID: REGISTRATION,
  })
  expect(said).toContain('--query masterKey')
  expect(said).toContain(`-X PUT -H "x-functions-key: $KEY" -H "content-type: application/json" -d '{ "name": "Contoso" }'`)
  expect(said).toContain('It must have this federated credential')
})

test('a tick of an hour ago is none', async () => {
  const { said } = await run(around([URL, says({ status: 'ok', version, lastTickAt: at(-HOUR) })]))
  expect(said).toContain('(ok), but its timer has not fired in the last two minutes.')
})
