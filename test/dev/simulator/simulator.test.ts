import { ManagedIdentityCredential } from '@azure/identity'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../dev/simulator/time.ts'
import { codeOf, idsOf, missingKbsPath, pagesOf, REFERENCE, rowsOf, simulate } from './client.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('the missing KBs', () => {
  test('are over HTTP what the truth says, at any time', async () => {
    const simulator = await simulate()
    for (const at of [REFERENCE, REFERENCE + 40 * DAY, REFERENCE - 5 * DAY]) {
      simulator.clock.now = at
      const token = { authorization: `Bearer ${await simulator.token()}` }
      const truth = simulator.truth(at)
      expect([...truth.values()].some((kbIds) => kbIds.size > 0)).toBe(true)
      for (const [machineId, kbIds] of truth) {
        const response = await fetch(simulator.url + missingKbsPath(machineId), { headers: token })
        const body = (await response.json()) as Record<string, unknown>
        expect(new Set(idsOf(body))).toEqual(kbIds)
        expect(body['@odata.count']).toBe(kbIds.size)
      }
    }
  })

  test('have the shape of the documented sample', async () => {
    const simulator = await simulate()
    const machineId = [...simulator.truth(REFERENCE)].find(([, kbIds]) => kbIds.size > 0)?.[0] ?? ''
    const { body } = await simulator.getJson(missingKbsPath(machineId))
    expect(body['@odata.context']).toMatch(/#Collection\(microsoft\.windowsDefenderATP\.api\.PublicProductFixDto\)$/)
    const [row] = rowsOf(body)
    expect(row).toMatchObject({
      name: expect.stringMatching(/^\w+ \d{4} Security Updates$/) as unknown,
      productsNames: expect.any(Array) as unknown,
      url: `https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB${String(row?.id)}`,
      machineMissedOn: 1,
      cveAddressed: expect.any(Number) as unknown,
    })
  })

  test('of a machine that is unknown, has left or has not yet joined are a 404', async () => {
    const simulator = await simulate({ machines: 300 })
    const existing = simulator.truth(REFERENCE)
    const later = [...simulator.truth(REFERENCE + 30 * DAY).keys()].find((machineId) => !existing.has(machineId))
    const earlier = [...simulator.truth(REFERENCE - 9 * DAY).keys()].find((machineId) => !existing.has(machineId))
    for (const machineId of ['f'.repeat(40), '%E0%A4%A', later ?? '', earlier ?? '']) {
      const { status, body } = await simulator.getJson(missingKbsPath(machineId))
      expect([status, codeOf(body)]).toEqual([404, 'ResourceNotFound'])
      expect(simulator.machine(machineId, REFERENCE)?.exists ?? false).toBe(false)
    }
  })
})

describe('the machine list', () => {
  test('comes in pages that together are what exists, with next links only without $top', async () => {
    const simulator = await simulate({ pageSize: 25 })
    expect((await pagesOf(simulator, '/api/machines')).flat().sort()).toEqual([...simulator.truth(REFERENCE).keys()].sort())
    expect(rowsOf((await simulator.getJson('/api/machines')).body)).toEqual(simulator.listed(REFERENCE).slice(0, 25))
    const { body } = await simulator.getJson('/api/machines?$top=10&$skip=5')
    expect(rowsOf(body)).toHaveLength(10)
    expect(body).not.toHaveProperty('@odata.nextLink')
  })

  test('takes a filter, keeps it in the next link, refuses a bad one, and is a 404 when nothing is left', async () => {
    const simulator = await simulate({ pageSize: 5 })
    const filter = encodeURIComponent("startswith(osPlatform,'Windows1')")
    const selected = (await pagesOf(simulator, `/api/v1.0/machines?$filter=${filter}`)).flat()
    const existing = [...simulator.truth(REFERENCE).keys()]
    const isSelected = (machineId: string) => simulator.machine(machineId, REFERENCE)?.attributes.osPlatform.startsWith('Windows1')
    expect(selected).toEqual(existing.filter(isSelected))
    expect(selected.length).toBeLessThan(existing.length)
    for (const [query, status, code] of [
      ['$filter=colour eq 1', 400, 'ODataError'],
      ['$top=10001', 400, 'ODataError'],
      ['$skip=x', 400, 'ODataError'],
      ["$filter=id eq 'x'", 404, 'NotFound'],
    ] as const) {
      const refused = await simulator.getJson(`/api/machines?${query}`)
      expect([refused.status, codeOf(refused.body)]).toEqual([status, code])
    }
  })

  test('shows each machine as it is by id and by DNS name', async () => {
    const simulator = await simulate()
    const [row] = rowsOf((await simulator.getJson('/api/machines')).body)
    for (const key of [row?.id, row?.computerDnsName]) {
      const { status, body } = await simulator.getJson(`/api/machines/${String(key)}`)
      expect(status).toBe(200)
      expect(body).toMatchObject(row ?? {})
    }
    expect(simulator.machine(String(row?.id), REFERENCE)?.attributes).toEqual(row)
    expect((await simulator.getJson('/api/machines/nobody.example')).status).toBe(404)
  })
})

describe('the token', () => {
  test('is what @azure/identity gets as the managed identity of a function app, and opens the API', async () => {
    const simulator = await simulate()
    for (const [name, value] of Object.entries(simulator.environment)) vi.stubEnv(name, value)
    const token = await new ManagedIdentityCredential().getToken('https://api.securitycenter.microsoft.com/.default')
    const response = await fetch(`${simulator.url}/api/machines`, { headers: { authorization: `Bearer ${token.token}` } })
    expect(response.status).toBe(200)
    // Simulated time; the library turns it into a duration and back by the wall clock's whole seconds.
    expect(Math.abs(token.expiresOnTimestamp - (REFERENCE + HOUR))).toBeLessThan(MINUTE)
    expect(simulator.tokensIssued).toBe(1)
  })

  test('is refused when it is missing, forged or an hour old in the simulated world', async () => {
    const simulator = await simulate()
    const token = await simulator.token()
    const statusWith = async (authorization?: string) =>
      (await fetch(`${simulator.url}/api/machines`, authorization === undefined ? {} : { headers: { authorization } })).status
    expect(await statusWith()).toBe(401)
    expect(await statusWith(`Bearer ${token}x`)).toBe(401)
    expect(await statusWith(`Bearer ${token.slice(0, -9)}${token.slice(-9) === 'forgedsig' ? 'forgedone' : 'forgedsig'}`)).toBe(401)
    expect(await statusWith(`Basic ${token}`)).toBe(401)
    simulator.clock.now += HOUR - 1_001
    expect(await statusWith(`Bearer ${token}`)).toBe(200)
    simulator.clock.now += 1
    expect(await statusWith(`Bearer ${token}`)).toBe(401)
  })

  test('is not given without the secret header, the right version, or for another resource', async () => {
    const simulator = await simulate()
    const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = simulator.environment
    const statusOf = async (query: string, secret: string) =>
      (await fetch(`${IDENTITY_ENDPOINT}?${query}`, { headers: { 'X-IDENTITY-HEADER': secret } })).status
    const good = 'api-version=2019-08-01&resource=https://api.securitycenter.microsoft.com'
    expect(await statusOf(`${good}&client_id=some-id`, IDENTITY_HEADER)).toBe(200)
    expect(await statusOf(good, 'wrong')).toBe(401)
    expect(await statusOf(good.replace('2019', '2017'), IDENTITY_HEADER)).toBe(400)
    expect(await statusOf('api-version=2019-08-01&resource=https://vault.azure.net', IDENTITY_HEADER)).toBe(400)
  })
})

describe('the quota', () => {
  test('is counted by kind of call: 429 with code, message and the seconds until a call is let in', async () => {
    const simulator = await simulate({ quota: { missingKbs: { perMinute: 2, perHour: 3 } } })
    const path = missingKbsPath([...simulator.truth(REFERENCE).keys()][0] ?? '')
    const statuses = async (count: number) => {
      const found: number[] = []
      for (let call = 0; call < count; call++) found.push((await simulator.get(path)).status)
      return found
    }
    expect(await statuses(2)).toEqual([200, 200])
    simulator.clock.now += 20_000
    const refused = await simulator.get(path)
    expect(refused.headers.get('retry-after')).toBe('40')
    expect(await refused.json()).toMatchObject({
      error: { code: '429', message: 'API calls quota exceeded! maximum allowed 2 per 00:01:00' },
    })
    expect((await simulator.get('/api/machines')).status).toBe(200)
    simulator.clock.now += 40_000
    expect(await statuses(2)).toEqual([200, 429])
    expect((await simulator.get(path)).headers.get('retry-after')).toBe(String(3_600 - 60))
    expect(simulator.quotaViolations).toBe(3)
    expect(simulator.requests.count({ route: 'missingKbs', status: 429 })).toBe(3)
  })
})

test('every request is logged with its time, path, machine and status', async () => {
  const simulator = await simulate()
  await simulator.get('/api/machines')
  await simulator.get('/api/machines/x/getmissingkbs')
  await simulator.get('/api/machine')
  expect(simulator.requests.entries).toEqual([
    expect.objectContaining({ route: 'identity', status: 200 }),
    { at: REFERENCE, method: 'GET', path: '/api/machines', route: 'machineList', status: 200 },
    { at: REFERENCE, method: 'GET', path: '/api/machines/x/getmissingkbs', route: 'missingKbs', machineId: 'x', status: 404 },
    { at: REFERENCE, method: 'GET', path: '/api/machine', route: 'other', status: 404 },
  ])
  expect(simulator.requests.counts).toEqual({ 'identity 200': 1, 'machineList 200': 1, 'missingKbs 404': 1, 'other 404': 1 })
})
