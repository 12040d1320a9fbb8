import { HttpRequest } from '@azure/functions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { manyTenantsOf } from '../../dev/many-tenants.ts'
import { type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import { dayOf, exposuresOf, NO_FLOWS, NO_STANDINGS, NOTHING_SET, type TrendPoint } from '../../src/domain/index.ts'
import type { FeedRow } from '../../src/feed/filter/value.ts'
import { feedRoute } from '../../src/feed/feed-route.ts'
import { createProgram, type ManyTenantsServices, type Program } from '../../src/program.ts'
import { registerTenant } from '../../src/sync/index.ts'
import { CLIENT_ID, tenantIdAt } from '../support/many-world.ts'
import { recordingOutside } from '../support/recording-outside.ts'

const TENANTS = 7
const DAYS = ['20260609', '20260610', '20260611']

let tables: RunningTableService
let program: Program
let services: ManyTenantsServices

beforeAll(async () => {
  tables = await startTableService()
  const environment = { DEFENDER_CLIENT_ID: CLIENT_ID, STORAGE_CONNECTION_STRING: tables.connectionString }
  program = createProgram(environment, recordingOutside(Date.parse('2026-06-11T12:00:00Z')))
  services = manyTenantsOf(program)
  for (let index = 1; index <= TENANTS; index++) await writeTenant(index)
})
afterAll(() => tables.close())

const exposed = (count: number) => exposuresOf([{ exposedSince: '2026-06-01T00:00:00Z', days: 3, count }])

/** A tenant of which every figure says whose it is, and of which day; the second has ended none, and a third day has not ended. */
async function writeTenant(index: number): Promise<void> {
  const store = services.store.of(tenantIdAt(index))
  await registerTenant(store, { ...NOTHING_SET, name: `Customer ${index}` }, Date.parse('2026-06-01T00:00:00Z'))
  if (index === 2) return
  const points = DAYS.map((day, count): TrendPoint => ({
    ...{
      snapshotId: `${day}T020000Z`,
      source: 'perMachine',
      status: index === 7 && count === 0 ? 'failed' : 'completed',
      listed: 9,
      skipped: 0,
      missingKbs: 1,
      calls: 1,
      throttled: 0,
    },
    ...NO_STANDINGS,
    ...{ machines: 10, observed: 9, silent: 1, unknown: 1, pairs: [index, count, 2, 3, 4] },
    ...NO_FLOWS,
    ended: { ...NO_FLOWS.ended, installed: exposed(10 * index + count), superseded: exposed(count + 1), supersededUnclear: exposed(99) },
  }))
  await store.trends.writePoints(points)
  await store.trends.writeDays(points.map((point) => ({ ...point, day: dayOf(point.snapshotId) })))
  const read = await store.tenant.get()
  const ended = { lastEndedSnapshotId: `${DAYS[1]}T020000Z`, lastEndedAt: '2026-06-10T02:30:00Z', lastAnsweredAt: '2026-06-10T02:30:00Z' }
  const figures = { endedStatus: 'completed', endedCoveragePpm: 900_000, assessedPpm: 800_000, endedMissingPairs: index } as const
  if (read) await store.tenant.patch({ ...ended, ...figures, endedMissingMachines: 1, endedOver30: 5 }, read.etag)
}

async function get(path: string, headers: Record<string, string> = {}) {
  const url = path.startsWith('http') ? path : `https://app.example/api/odata${encodeURI(path)}`
  const { status, body } = await feedRoute.serve(() => program)(new HttpRequest({ method: 'GET', url, headers }))
  const json = JSON.parse(body as string) as { value: FeedRow[]; '@odata.nextLink'?: string; error?: { code: string; message: string } }
  return { status, json }
}

async function rowsOf(path: string, headers: Record<string, string> = {}): Promise<FeedRow[]> {
  const rows: FeedRow[] = []
  for (let next: string | undefined = path; next !== undefined;) {
    const { status, json }: Awaited<ReturnType<typeof get>> = await get(next, headers)
    expect(status).toBe(200)
    rows.push(...json.value)
    next = json['@odata.nextLink']
  }
  return rows
}

describe('the sets of all tenants', () => {
  it('Tenants has a row of each, without a tenantId', async () => {
    const rows = await rowsOf('/Tenants')
    expect(rows.map(({ name, status }) => [name, status])).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((index) => [`Customer ${index}`, index === 2 ? 'starting' : 'ok']),
    )
    expect(rows[2]).toMatchObject({ tenantId: tenantIdAt(3), coverage: 0.9, assessed: 0.8, missingPairs: 3, stillExposedOver30Days: 5 })
    expect(rows[1]).toMatchObject({ lastSnapshotId: null, assessed: null, missingPairs: null })
  })

  it('TenantDays has the days that each has ended, and nothing of a snapshot that runs', async () => {
    const rows = await rowsOf('/TenantDays')
    expect(rows.map(({ tenantId, day }) => `${tenantId} ${day}`)).toEqual(
      [1, 3, 4, 5, 6, 7].flatMap((index) => DAYS.slice(0, 2).map((day) => `${tenantIdAt(index)} ${day}`)),
    )
    expect(rows[3]).toEqual({
      ...{
        tenantId: tenantIdAt(3),
        day: '20260610',
        at: '2026-06-10T02:00:00Z',
        status: 'completed',
        coverage: 0.9,
        assessed: 0.8,
        pairs: 13,
      },
      ...{ pairs0To7: 3, pairs8To30: 1, pairs31To60: 2, pairs61To90: 3, pairsOver90: 4, installed: 31, stillExposed: 2 },
    })
  })

  it('TenantDays says of a day whose snapshot failed what came to pass, and nothing of what was missing', async () => {
    const [failed] = await rowsOf(`/TenantDays?$filter=tenantId eq '${tenantIdAt(7)}'`)
    expect(failed).toMatchObject({ day: '20260609', status: 'failed', assessed: null, pairs: null, pairsOver90: null, installed: 70 })
  })

  it.each(['Tenants', 'TenantDays'])('%s comes in pages of any size, without a row lost or twice', async (name) => {
    const all = await rowsOf(`/${name}`)
    for (const size of [1, 2, 5]) expect(await rowsOf(`/${name}`, { prefer: `odata.maxpagesize=${size}` })).toEqual(all)
    expect(await rowsOf(`/${name}?$orderby=tenantId desc`)).toHaveLength(all.length)
    expect((await get(`/${name}?$top=3&$skip=2`)).json.value).toEqual(all.slice(2, 5))
  })

  it.each([
    [`/TenantDays?$filter=tenantId eq '${tenantIdAt(4)}'`, 2],
    [`/TenantDays?$filter=day ge '20260610'`, 6],
    [`/TenantDays?$filter=day lt '20260610' and tenantId gt '${tenantIdAt(5)}'`, 2],
    [`/TenantDays?$filter=installed gt 60`, 3],
    [`/TenantDays?tenantId=${tenantIdAt(3)}`, 2],
    [`/Tenants?tenantId=${tenantIdAt(3)}`, 1],
    [`/Tenants?$filter=status eq 'starting'`, 1],
    [`/Tenants?$filter=name eq 'Customer 7'`, 1],
    [`/Tenants?$filter=tenantId gt '${tenantIdAt(5)}'`, 2],
  ])('%s finds %i rows', async (path, count) => {
    expect(await rowsOf(path)).toHaveLength(count)
  })

  it('have rows by key and counts', async () => {
    expect((await get(`/Tenants('${tenantIdAt(6)}')`)).json).toMatchObject({ name: 'Customer 6' })
    expect((await get(`/TenantDays(tenantId='${tenantIdAt(6)}',day='20260609')`)).json).toMatchObject({ installed: 60 })
    expect((await get(`/TenantDays(tenantId='${tenantIdAt(6)}',day='20260611')`)).status).toBe(404)
    expect((await get('/TenantDays/$count')).json).toBe(12)
  })

  it('read the tenants in one request, and the days of each in one more', async () => {
    const before = tables.counts().transactions
    await rowsOf('/Tenants')
    expect(tables.counts().transactions - before).toBe(1)
    const beforeDays = tables.counts().transactions
    await rowsOf(`/TenantDays?$filter=tenantId eq '${tenantIdAt(4)}'`)
    expect(tables.counts().transactions - beforeDays).toBeLessThanOrEqual(3)
  })

  it('the others want a tenant, and know those that are added; what the feed is made of does not', async () => {
    expect(await get('/Machines')).toMatchObject({
      status: 400,
      json: { error: { message: expect.stringContaining('tenantId') as string } },
    })
    expect((await get(`/Machines?tenantId=${tenantIdAt(1)}`)).status).toBe(200)
    expect((await get(`/Machines?tenantId=${tenantIdAt(99)}`)).status).toBe(404)
    expect((await get('/')).status).toBe(200)
  })
})
