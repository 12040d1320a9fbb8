import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../../../dev/simulator/time.ts'
import { codeOf, REFERENCE, simulate } from '../client.ts'
import { EXPORT, kbsByMachine, rowsOf, startExporting, textOf, type Exporting } from './exporting.ts'

let exporting: Exporting
beforeAll(async () => {
  exporting = await startExporting()
})
afterAll(() => exporting.close())
beforeEach(() => {
  exporting.clock.now = REFERENCE
})

describe('a call for the export', () => {
  test('names files at another origin, several of each group, and the moment at which they were made', async () => {
    const { simulator, get } = exporting
    const response = await get(EXPORT)
    const body = (await response.json()) as Record<string, unknown> & { exportFiles: string[] }
    expect(Object.keys(body)).toEqual(['@odata.context', 'exportFiles', 'generatedTime'])
    expect(body['@odata.context']).toMatch(/#microsoft\.windowsDefenderATP\.api\.ExportFilesResponse$/)
    expect(body.generatedTime).toMatch(/^2026-03-11T\d\d:\d\d:00Z$/)
    const groups = new Set(simulator.listed(REFERENCE).map(({ rbacGroupId }) => rbacGroupId))
    expect(body.exportFiles).toHaveLength(2 * groups.size)
    const urls = body.exportFiles.map((address) => new URL(address))
    for (const { origin, searchParams } of urls) {
      expect([origin, origin === simulator.url]).toEqual([simulator.filesUrl, false])
      expect(searchParams.get('sig')).toMatch(/^[\w+/]{43}=$/)
    }
    // In the places where somebody could want to read the group, there are different things.
    expect(new Set(urls.map(({ pathname }) => pathname.split('/')[1])).size).toBeGreaterThan(1)
  })

  test('serves the same export for six hours, then the next, each as the world was when it was made', async () => {
    const { simulator, clock, call } = exporting
    const first = await call()
    const madeAt = Date.parse(first.generatedTime)
    expect(REFERENCE - madeAt).toBeGreaterThanOrEqual(0)
    clock.now = madeAt + 6 * HOUR - 1
    expect((await call()).generatedTime).toBe(first.generatedTime)
    clock.now = madeAt + 6 * HOUR
    const second = await call()
    expect(Date.parse(second.generatedTime)).toBe(madeAt + 6 * HOUR)
    // Asked for late, it tells nothing of what came after.
    clock.now += 5 * HOUR
    const late = kbsByMachine(await rowsOf((await call()).files))
    const exported = simulator.exported(madeAt + 6 * HOUR)
    expect(exported.generatedAt).toBe(madeAt + 6 * HOUR)
    expect(late).toEqual(new Map([...exported.machines].map(([id, { kbs }]) => [id, new Set(kbs.map(({ kb }) => kb.id))])))
    expect(late.size).toBeGreaterThan(30)
  })

  test('takes hours from 1 to 6 and nothing else', async () => {
    const { get } = exporting
    for (const hours of ['0', '7', '1.5', 'x', '']) {
      const response = await get(`${EXPORT}?sasValidHours=${hours}`)
      expect([hours, response.status, codeOf((await response.json()) as Record<string, unknown>)]).toEqual([hours, 400, 'BadRequest'])
    }
    expect((await get(`${EXPORT}?sasValidHours=6`)).status).toBe(200)
  })

  test('needs the role Vulnerability.Read.All, and is told its name', async () => {
    const simulator = await simulate({ roles: ['Machine.Read.All', 'Software.Read.All'] })
    const { status, body } = await simulator.getJson(EXPORT)
    expect([status, codeOf(body)]).toEqual([403, 'Forbidden'])
    expect(JSON.stringify(body)).toContain(
      'Missing application roles. API required roles: Vulnerability.Read.All, application roles: Machine.Read.All,Software.Read.All.',
    )
    expect((await simulator.get('/api/machines')).status).toBe(200)
    expect((await fetch(simulator.url + EXPORT)).status).toBe(401)
  })

  test('has a quota of its own: 5 a minute, 20 an hour', async () => {
    const simulator = await simulate({ machines: 4, quota: {} })
    const statuses: number[] = []
    for (let minute = 0; minute < 5; minute++) {
      for (let n = 0; n < 5; n++) statuses.push((await simulator.get(EXPORT)).status)
      simulator.clock.now += MINUTE
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(5)
    expect((await simulator.get('/api/machines')).status).toBe(200)
    expect(simulator.requests.count({ route: 'export', status: 200 })).toBe(20)
  })
})

describe('a file', () => {
  test('is there until its address expires, and then a 403 in XML', async () => {
    const { clock, call, simulator } = exporting
    for (const [query, hours] of [
      ['', 1],
      ['?sasValidHours=6', 6],
    ] as const) {
      clock.now = REFERENCE
      const [address = ''] = (await call(query)).files
      clock.now = REFERENCE + hours * HOUR - 1
      const good = await fetch(address)
      expect([good.status, good.headers.get('content-type'), good.headers.get('content-encoding')]).toEqual([
        200,
        'application/octet-stream',
        null,
      ])
      await good.arrayBuffer()
      clock.now++
      const late = await fetch(address)
      expect([late.status, late.headers.get('content-type')]).toEqual([403, 'application/xml'])
      expect(await late.text()).toMatch(/<Error><Code>AuthenticationFailed<\/Code>.*Signature not valid in the specified time frame/s)
    }
    expect(simulator.requests.count({ route: 'file', status: 403 })).toBeGreaterThan(1)
  })

  test('is refused to whoever shows a token, and that is remembered', async () => {
    const { simulator, call } = exporting
    const [address = ''] = (await call()).files
    const before = simulator.requests.filesAskedWithToken
    const refused = await fetch(address, { headers: { authorization: 'Bearer secret' } })
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain('<Code>AuthenticationFailed</Code>')
    expect(simulator.requests.filesAskedWithToken).toBe(before + 1)
    expect(simulator.requests.entries.at(-1)).toMatchObject({
      route: 'file',
      hasToken: true,
      status: 403,
      file: expect.stringMatching(/^\d+\/\d+$/) as unknown,
    })
    await textOf(address)
    expect(simulator.requests.entries.at(-1)).toMatchObject({ route: 'file', hasToken: false, status: 200 })
    expect(simulator.requests.filesAskedWithToken).toBe(before + 1)
  })

  test('is not there under another address, or with another signature or time', async () => {
    const { simulator, call } = exporting
    const [address = ''] = (await call()).files
    const changed = (change: (url: URL) => void) => {
      const url = new URL(address)
      change(url)
      return fetch(url)
    }
    expect((await changed((url) => url.searchParams.set('sig', 'x'))).status).toBe(403)
    expect((await changed((url) => url.searchParams.set('se', '2027-01-01T00:00:00Z'))).status).toBe(403)
    expect((await changed((url) => url.searchParams.delete('sig'))).status).toBe(403)
    expect((await fetch(`${simulator.filesUrl}/nothing`)).status).toBe(403)
  })

  test('is the same whenever it is fetched', async () => {
    const { clock, call } = exporting
    const [first, again] = [await call(), await call()]
    clock.now += 30 * MINUTE
    expect(await rowsOf(again.files)).toEqual(await rowsOf(first.files))
  })
})
