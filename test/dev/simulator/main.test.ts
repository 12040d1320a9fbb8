import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { missingKbsPath, REFERENCE, simulate } from './client.ts'
import { EXPORT } from './export/exporting.ts'

/** Starts the simulator in a process that ends with the test. */
async function startProcess(args: readonly string[]) {
  const main = fileURLToPath(new URL('../../../dev/simulator/main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit')
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { child, ...(JSON.parse(line) as { url: string; environment: Record<string, string> }) }
}

async function ask(url: string, body?: unknown) {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

test('a process of its own is the same world, steered over loopback', async () => {
  const { child, url, environment } = await startProcess([
    '--machines',
    '60',
    '--quota',
    'none',
    '--now',
    new Date(REFERENCE).toISOString(),
  ])
  const twin = await simulate({ machines: 60 })
  expect(environment.IDENTITY_HEADER).toBe(twin.environment.IDENTITY_HEADER)
  expect((await ask(`${url}/simulator/now`)).body).toEqual({ now: REFERENCE })

  const at = REFERENCE + 50 * 86_400_000
  expect((await ask(`${url}/simulator/now`, { now: new Date(at).toISOString() })).body).toEqual({ now: at })
  const { body: truth } = await ask(`${url}/simulator/truth`)
  expect(truth).toEqual({ at, machines: Object.fromEntries([...twin.truth(at)].map(([id, kbIds]) => [id, [...kbIds]])) })
  const { body: earlier } = await ask(`${url}/simulator/truth?at=${REFERENCE}`)
  expect(earlier.at).toBe(REFERENCE)

  const machineId = [...twin.truth(at).keys()][0] ?? ''
  expect((await ask(`${url}/simulator/machines/${machineId}/story`)).body).toEqual(twin.story(machineId))
  const missing = twin.machine(machineId, at)?.missing
  expect((await ask(`${url}/simulator/machines/${machineId}`)).body).toMatchObject({ exists: true, missing })

  await ask(`${url}/simulator/faults`, { html502: { limit: 1 } })
  twin.clock.now = at
  const authorization = `Bearer ${await twin.token()}`
  const statuses = [0, 1].map(() => async () => (await fetch(url + missingKbsPath(machineId), { headers: { authorization } })).status)
  for (const [index, status] of statuses.entries()) expect(await status()).toBe([502, 200][index])
  const { body: requests } = await ask(`${url}/simulator/requests?entries=1`)
  expect(requests).toMatchObject({ counts: { 'missingKbs 502': 1, 'missingKbs 200': 1 }, quotaViolations: 0, tokensIssued: 0 })
  expect(requests.entries).toHaveLength(2)

  const { generatedAt, machines } = twin.exported(at)
  expect((await ask(`${url}/simulator/exported`)).body).toEqual({ generatedAt, machines: Object.fromEntries(machines) })
  await ask(`${url}/simulator/disagreements`, { less: { machineIds: [machineId] } })
  twin.plant({ less: { machineIds: [machineId] } })
  expect((await ask(`${url}/simulator/disagreements?at=${REFERENCE}`)).body).toEqual(twin.planted(REFERENCE))
  expect(requests).toMatchObject({ filesAskedWithToken: 0 })

  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a process of its own is told how exports are made, and by whom they may be asked for', async () => {
  const given = { superseded: 'newest', roles: 'Machine.Read.All', 'copies-of': '10', export: '{"filesPerGroup":5,"scattered":true}' }
  const options = Object.entries({ ...given, disagreements: '{"more":{"rate":1}}', faults: '{"exportGroupMissing":{"groups":[0]}}' })
  const args = options.flatMap(([name, value]) => [`--${name}`, value])
  const { url, environment } = await startProcess(['--machines', '40', '--now', String(REFERENCE), ...args])
  const twin = await simulate({ machines: 40, superseded: 'newest', copiesOf: 10, disagreements: { more: {} } })
  const { body } = await ask(`${url}/simulator/truth`)
  expect(body.machines).toEqual(Object.fromEntries([...twin.truth(REFERENCE)].map(([id, kbIds]) => [id, [...kbIds]])))
  expect((await ask(`${url}/simulator/disagreements`)).body).toEqual(twin.planted(REFERENCE))

  // A token of the twin has all roles, and the same signature.
  const response = await fetch(url + EXPORT, { headers: { authorization: `Bearer ${await twin.token()}` } })
  const groups = new Set(twin.listed(REFERENCE).map(({ rbacGroupId }) => rbacGroupId))
  expect(((await response.json()) as { exportFiles: string[] }).exportFiles).toHaveLength(5 * (groups.size - 1))
  const query = 'api-version=2019-08-01&resource=https://api.securitycenter.microsoft.com'
  const secret = { 'X-IDENTITY-HEADER': environment.IDENTITY_HEADER ?? '' }
  const own = (await (await fetch(`${environment.IDENTITY_ENDPOINT}?${query}`, { headers: secret })).json()) as { access_token: string }
  expect((await fetch(url + EXPORT, { headers: { authorization: `Bearer ${own.access_token}` } })).status).toBe(403)
})

test('the control routes refuse what they do not know, and a clock that is not theirs', async () => {
  const { url } = await simulate()
  expect((await ask(`${url}/simulator/faults`, { html503: {} })).status).toBe(400)
  expect((await ask(`${url}/simulator/faults`, { slow: {} })).status).toBe(400)
  expect((await ask(`${url}/simulator/truth?at=yesterday`)).status).toBe(400)
  expect((await ask(`${url}/simulator/disagreements`, { most: {} })).status).toBe(400)
  expect((await ask(`${url}/simulator/nothing`)).status).toBe(404)
  expect((await ask(`${url}/simulator/now`, { now: REFERENCE })).status).toBe(409)
})
