import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { manyTenantsOf } from '../../dev/many-tenants.ts'
import { startTableService } from '../../dev/table-service/index.ts'
import type { TenantPatch } from '../../src/domain/index.ts'
import type { ManyTenantsServices } from '../../src/program.ts'
import { type Api, createApi } from '../support/api.ts'
import { CLIENT_ID, tenantIdAt } from '../support/many-world.ts'
import { recordingOutside } from '../support/recording-outside.ts'
import { DAY, HOUR } from '../support/world.ts'

const NOW = Date.parse('2026-06-12T12:00:00Z')
const FIRST = tenantIdAt(1)
const SECOND = tenantIdAt(2)

let api: Api
let services: ManyTenantsServices
let outside: ReturnType<typeof recordingOutside>

beforeEach(async () => {
  const tables = await startTableService()
  onTestFinished(() => tables.close())
  outside = recordingOutside(NOW)
  const environment = { DEFENDER_TENANT_ID: '', DEFENDER_CLIENT_ID: CLIENT_ID, STORAGE_CONNECTION_STRING: tables.connectionString }
  api = createApi(environment, outside)
  services = manyTenantsOf(api.program)
})

const put = (tenantId: string, body: unknown) =>
  api.call(`/api/tenants/${tenantId}`, { method: 'PUT', body: typeof body === 'string' ? body : JSON.stringify(body) })

async function patch(tenantId: string, values: TenantPatch) {
  const { tenant } = services.store.of(tenantId)
  const read = await tenant.get()
  if (read) await tenant.patch(values, read.etag)
}

describe('PUT /api/tenants/{tenantId}', () => {
  it('adds a tenant, which then starts by its schedule', async () => {
    const reply = await put(FIRST.toUpperCase(), { name: 'Contoso' })
    expect(reply.status).toBe(201)
    expect(reply.json).toEqual({
      tenantId: FIRST,
      name: 'Contoso',
      enabled: true,
      status: 'starting',
      detail: 'No snapshot has ended yet.',
      source: 'perMachine',
      schedule: '0 0 2 * * *',
      assessed: null,
      missing: { pairs: null, machines: null },
      stillExposedOver30Days: null,
      nextStartAt: '2026-06-13T02:00:00Z',
      consentUrl: `https://login.microsoftonline.com/${FIRST}/adminconsent?client_id=${CLIENT_ID}`,
    })
    expect((await api.call(`/api/tenants/${FIRST}`)).json).toEqual(reply.json)
  })

  it('changes all that is set: what is left out is as the app has it', async () => {
    const all = {
      name: 'Contoso',
      enabled: false,
      cloud: 'gcc',
      schedule: '0 30 3 * * *',
      machineFilter: "startswith(computerDnsName,'srv')",
      machinePlatforms: ['WindowsServer', 'Linux'],
      callsPerMinute: 20,
      callsPerHour: 300,
      source: 'export',
    }
    await put(FIRST, { name: 'before' })
    const changed = await put(FIRST, all)
    expect(changed.status).toBe(200)
    expect(changed.json).toMatchObject({ ...all, status: 'disabled', nextStartAt: null })
    const { config } = services.readSettings((await services.store.of(FIRST).tenant.get())?.tenant ?? expect.fail('no row'))
    expect(config).toMatchObject({
      defender: { cloud: 'gcc', apiUrl: 'https://api-gcc.securitycenter.microsoft.us' },
      source: { kind: 'export', sample: 0.034 },
      sync: { callsPerMinute: 20, callsPerHour: 300, schedule: { text: '0 30 3 * * *' } },
      machines: { filter: all.machineFilter, platforms: ['WindowsServer', 'Linux'] },
    })
    const again = await put(FIRST, { name: 'Contoso' })
    expect(again.json).toMatchObject({ enabled: true, schedule: '0 0 2 * * *', source: 'perMachine', status: 'starting' })
    expect(again.json).not.toHaveProperty('machineFilter')
  })

  it.each([
    ['{', undefined],
    ['', undefined],
    ['[]', undefined],
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'a\u0007b' }, 'name'],
    [{ name: 'x', enabled: 'yes' }, 'enabled'],
    [{ name: 'x', schedule: '01:00:00' }, 'schedule'],
    [{ name: 'x', cloud: 'gcchigh' }, 'cloud'],
    [{ name: 'x', cloud: 'mars' }, 'cloud'],
    [{ name: 'x', cloud: 'gcc', region: 'eu' }, 'region'],
    [{ name: 'x', callsPerMinute: 0 }, 'callsPerMinute'],
    [{ name: 'x', callsPerHour: 1.5 }, 'callsPerHour'],
    [{ name: 'x', machinePlatforms: [] }, 'machinePlatforms'],
    [{ name: 'x', machinePlatforms: ',' }, 'machinePlatforms'],
    [{ name: 'x', machinePlatforms: ['a,b'] }, 'machinePlatforms'],
    ['{ "name": "\\ud800" }', 'name'],
    [{ name: 'x', machineFilter: '$filter=true' }, 'machineFilter'],
    [{ name: 'x', source: 'carrier pigeon' }, 'source'],
    [{ name: 'x', tenantId: FIRST }, 'tenantId'],
  ])('refuses %j, and names what is wrong', async (body, parameter) => {
    const reply = await put(FIRST, body)
    expect(reply).toMatchObject({ status: 400, json: { type: 'urn:patchtrail:problem:invalidBody' } })
    expect(reply.json['parameter']).toBe(parameter)
    expect((await api.call(`/api/tenants/${FIRST}`)).status).toBe(404)
  })
})

describe('a tenant in a path', () => {
  it('is the one of the query, if that names any', async () => {
    await put(FIRST, { name: 'Contoso' })
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const path = `/api/tenants/${FIRST}?tenantId=${SECOND}`
      const reply = await api.call(path, { method, ...(method === 'PUT' && { body: '{"name":"x"}' }) })
      expect(reply, method).toMatchObject({ status: 400, json: { parameter: 'tenantId' } })
    }
    expect((await api.call(`/api/tenants/${FIRST}?tenantId=${FIRST}`)).status).toBe(200)
  })
})

describe('DELETE /api/tenants/{tenantId}', () => {
  it('stops reading a tenant and keeps its history', async () => {
    await put(FIRST, { name: 'Contoso' })
    const { status, json } = await api.call(`/api/tenants/${FIRST}`, { method: 'DELETE' })
    expect([status, json['status'], json['enabled']]).toEqual([200, 'disabled', false])
    expect((await api.call(`/api/snapshots?tenantId=${FIRST}`)).status).toBe(200)
    expect(await api.call(`/api/sync?tenantId=${FIRST}`, { method: 'POST' })).toMatchObject({
      status: 422,
      json: { type: 'urn:patchtrail:problem:tenantDisabled' },
    })
  })

  it('with its history hides it at once, says how far it is, and lets nobody add it meanwhile', async () => {
    await put(FIRST, { name: 'Contoso' })
    await put(SECOND, { name: 'Fabrikam' })
    const first = await api.call(`/api/tenants/${FIRST}?history=true`, { method: 'DELETE' })
    expect(first).toMatchObject({
      status: 202,
      json: { tenantId: FIRST, status: 'deleting', since: '2026-06-12T12:00:00.000Z', deletedRows: 0 },
    })
    await patch(FIRST, { deletedRows: 1234 })
    expect((await api.call(`/api/tenants/${FIRST}?history=true`, { method: 'DELETE' })).json).toEqual({ ...first.json, deletedRows: 1234 })
    expect((await api.call(`/api/tenants/${FIRST}`)).status).toBe(404)
    expect((await api.call(`/api/diffs?tenantId=${FIRST}`)).status).toBe(404)
    expect((await api.call('/api/tenants')).json).toMatchObject({ tenants: [{ tenantId: SECOND }] })
    expect(await put(FIRST, { name: 'again' })).toMatchObject({ status: 409, json: { type: 'urn:patchtrail:problem:tenantDeleting' } })
  })

  it('of a tenant that nobody added is a 404', async () => {
    for (const path of [FIRST, `${FIRST}?history=true`])
      expect((await api.call(`/api/tenants/${path}`, { method: 'DELETE' })).status).toBe(404)
  })
})

describe('GET /api/tenants', () => {
  it('lists all in pages, with how each stands', async () => {
    for (let index = 1; index <= 5; index++) await put(tenantIdAt(index), { name: `Customer ${index}` })
    const ended = {
      lastEndedSnapshotId: '20260612T020000Z',
      lastEndedAt: new Date(NOW - 10 * HOUR).toISOString(),
      lastAnsweredAt: new Date(NOW - 10 * HOUR).toISOString(),
      endedStatus: 'completed' as const,
      endedCoveragePpm: 1_000_000,
      assessedPpm: 900_000,
      endedMissingPairs: 7,
      endedMissingMachines: 3,
      endedOver30: 2,
    }
    await patch(tenantIdAt(1), ended)
    await patch(tenantIdAt(2), { blockedCode: 'credentialUnavailable', blockedDetail: 'AADSTS65001: no consent.', blockedAt: 'then' })
    await patch(tenantIdAt(3), { ...ended, lastEndedAt: new Date(NOW - 9 * DAY).toISOString() })
    await patch(tenantIdAt(4), { schedule: 'whenever' })
    const rows: Record<string, unknown>[] = []
    for (let path = '/api/tenants?limit=2'; path !== '';) {
      const { json } = await api.call(path)
      rows.push(...(json['tenants'] as Record<string, unknown>[]))
      path = ((json['nextLink'] as string | undefined) ?? '').replace(/^https:\/\/[^/]+/, '')
    }
    expect(rows.map(({ name, status }) => [name, status])).toEqual([
      ['Customer 1', 'ok'],
      ['Customer 2', 'blocked'],
      ['Customer 3', 'stale'],
      ['Customer 4', 'blocked'],
      ['Customer 5', 'starting'],
    ])
    expect(rows[0]).toMatchObject({
      lastSnapshot: { snapshotId: '20260612T020000Z', status: 'completed', coverage: 1 },
      assessed: 0.9,
      missing: { pairs: 7, machines: 3 },
      stillExposedOver30Days: 2,
    })
    expect(rows[1]?.['detail']).toContain(`AADSTS65001: no consent. An administrator of the tenant lets the app in`)
    expect(rows[3]?.['detail']).toContain('schedule must be NCRONTAB')
    await put(SECOND, { name: 'Customer 2', schedule: '0 0 * * * *' })
    await patch(SECOND, { blockedAt: new Date(NOW - HOUR).toISOString() })
    expect((await api.call(`/api/tenants/${SECOND}`)).json['nextStartAt']).toBe('2026-06-13T10:00:00Z')
    expect((await api.call(`/api/status?tenantId=${SECOND}`)).json['nextStartAt']).toBe('2026-06-13T10:00:00.000Z')
    expect((await api.call(`/api/tenants?tenantId=${SECOND}`)).json).toMatchObject({ tenants: [{ name: 'Customer 2' }] })
  })

  it('is told by health in numbers, which is red only where more than half are', async () => {
    expect((await api.call('/api/health')).json).toMatchObject({ status: 'starting', tenants: { ok: 0, starting: 0 } })
    const at = new Date(NOW - HOUR).toISOString()
    for (let index = 1; index <= 4; index++) {
      await put(tenantIdAt(index), { name: `Customer ${index}` })
      await patch(tenantIdAt(index), { lastEndedAt: at, lastAnsweredAt: at, lastEndedSnapshotId: '20260612T020000Z' })
    }
    const block = (index: number) =>
      patch(tenantIdAt(index), { blockedCode: 'Forbidden', blockedDetail: 'secret of Contoso', blockedAt: at })
    await block(1)
    await block(2)
    const half = await api.call('/api/health')
    expect(half).toMatchObject({ status: 200, json: { status: 'ok', tenants: { ok: 2, stale: 0, blocked: 2, starting: 0, disabled: 0 } } })
    await block(3)
    const more = await api.call('/api/health')
    expect(more).toMatchObject({ status: 503, json: { status: 'blocked', tenants: { ok: 1, blocked: 3 } } })
    expect(more.text + half.text).not.toMatch(/Contoso|Customer|0000000/)
    await services.store.tenants.patchApp({ identitySince: at, identityDetail: 'secret' })
    const ours = await api.call('/api/health')
    expect(ours).toMatchObject({ status: 503, json: { status: 'blocked', detail: expect.stringContaining('own identity') as string } })
    expect(ours.text).not.toContain('secret')
  })
})

describe('the other routes of an app of many tenants', () => {
  it.each(['snapshots', 'diffs', 'machines', 'overview', 'status', 'kbs'])(
    '%s wants a tenant, and knows those that are added',
    async (path) => {
      const reply = await api.call(`/api/${path}`)
      expect(reply).toMatchObject({
        status: 400,
        json: { parameter: 'tenantId', detail: expect.stringContaining('/api/tenants') as string },
      })
      expect((await api.call(`/api/${path}?tenantId=${FIRST}`)).status).toBe(404)
      await put(FIRST, { name: 'Contoso' })
      expect((await api.call(`/api/${path}?tenantId=${FIRST}`)).json).not.toMatchObject({ type: 'urn:patchtrail:problem:unknownTenant' })
    },
  )

  it('POST /api/sync gives an address that names the tenant', async () => {
    await put(FIRST, { name: 'Contoso' })
    const { status, json } = await api.call(`/api/sync?tenantId=${FIRST}`, { method: 'POST' })
    expect([status, json['tenantId']]).toEqual([202, FIRST])
    const address = String(json['statusUrl']).replace(/^https:\/\/[^/]+/, '')
    expect(address).toBe(`/api/snapshots/20260612T120000Z?tenantId=${FIRST}`)
    expect((await api.call(address)).json).toMatchObject({ status: 'pending', tenantId: FIRST })
  })
})
