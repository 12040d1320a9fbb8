import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RestError } from '@azure/data-tables'
import { HttpRequest } from '@azure/functions'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { oneTenantOf } from '../../dev/one-tenant.ts'
import { openTenant } from '../../src/open-tenant.ts'
import { pendingSnapshot } from '../../src/domain/index.ts'
import { type Azurite, startAzurite } from '../../dev/azurite.ts'
import { createHealthRoute } from '../../src/http/routes/health.ts'
import { createProgram, type OneTenantServices } from '../../src/program.ts'
import { requestSnapshot } from '../../src/sync/request-snapshot.ts'
import { type Api, createApi, ORIGIN, TENANT } from '../support/api.ts'
import { type RecordingOutside, recordingOutside } from '../support/recording-outside.ts'
import { listing, outcome } from '../support/store-rows.ts'

const START = Date.parse('2026-06-12T02:00:00Z')
const HOUR = 3_600_000
const DAY = 24 * HOUR

let azurite: Azurite
let api: Api
let services: OneTenantServices
let outside: RecordingOutside
let tests = 0

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.close())

beforeEach(() => {
  outside = recordingOutside(START)
  api = createApi({ STORAGE_CONNECTION_STRING: azurite.connectionString, TABLE_PREFIX: `t${(tests += 1)}x` }, outside)
  services = oneTenantOf(api.program)
})

/** Ends the active snapshot as a tick would. */
async function end(snapshotId: string, row: Partial<ReturnType<typeof pendingSnapshot>> = {}) {
  const finishedAt = new Date(outside.clock.now()).toISOString()
  await openTenant(services).store.snapshots.write({
    ...pendingSnapshot(snapshotId, 'manual'),
    status: 'completed',
    phase: 'ended',
    finishedAt,
    ...row,
  })
  const { etag } = await openTenant(services).store.tenant.getOrCreate({})
  await openTenant(services).store.tenant.patch(
    { activeSnapshotId: null, lastEndedSnapshotId: snapshotId, lastEndedAt: finishedAt, lastAnsweredAt: finishedAt },
    etag,
  )
}

/** A server that takes requests and answers none. `abandoned` resolves when a client has let one go. */
async function startSilentServer() {
  let requests = 0
  let abandon: () => void = () => undefined
  const abandoned = new Promise<void>((resolve) => (abandon = resolve))
  const server = createServer((incoming) => {
    requests += 1
    incoming.socket.on('close', abandon)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: () => requests, abandoned, close }
}

const sync = () => api.call('/api/sync', { method: 'POST' })

describe('POST sync', () => {
  it('asks for a snapshot and says where to look', async () => {
    const { status, headers, json } = await sync()
    expect(status).toBe(202)
    const statusUrl = `${ORIGIN}/api/snapshots/20260612T020000Z`
    expect(json).toEqual({ snapshotId: '20260612T020000Z', tenantId: TENANT, status: 'pending', statusUrl })
    expect(headers.get('location')).toBe(statusUrl)
    expect(headers.get('retry-after')).toBe('60')
    expect((await api.call(statusUrl)).json).toMatchObject({ status: 'pending', trigger: 'manual', progress: 0, coverage: 0 })
  })

  it('answers 409 with the active one while one is pending', async () => {
    await sync()
    outside.advance(HOUR)
    const { status, json } = await sync()
    expect(status).toBe(409)
    expect(json).toMatchObject({ status: 409, snapshotId: '20260612T020000Z', statusUrl: `${ORIGIN}/api/snapshots/20260612T020000Z` })
  })

  it('lets one of many simultaneous requests win', async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, sync))
    expect(replies.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(7).fill(409)])
    expect(new Set(replies.map(({ json }) => json['snapshotId']))).toEqual(new Set(['20260612T020000Z']))
  })

  it('gives way to a request that came in between its read and its write', async () => {
    const { store } = openTenant(services)
    const patch = store.tenant.patch.bind(store.tenant)
    store.tenant.patch = async (...written) => {
      store.tenant.patch = patch
      expect((await requestSnapshot(store, START - DAY)).kind).toBe('requested')
      return patch(...written)
    }
    expect(await requestSnapshot(store, START)).toEqual({ kind: 'active', snapshotId: '20260611T020000Z' })
  })

  it('begins a later snapshot than the last one even if the clock went back', async () => {
    await sync()
    await end('20260612T020000Z')
    outside.advance(-DAY)
    expect((await sync()).json['snapshotId']).toBe('20260612T020001Z')
  })

  it('resets the counters of the snapshot before', async () => {
    const { etag } = await openTenant(services).store.tenant.getOrCreate({})
    await openTenant(services).store.tenant.patch(
      { activeCalls: 7, activeSlices: 3, activeRetries: 2, activeThrottled: 1, activeMilliseconds: 9 },
      etag,
    )
    await sync()
    const { json } = await api.call('/api/snapshots/20260612T020000Z')
    expect(json).toMatchObject({ api: { calls: 0, throttled: 0, retries: 0 }, slices: 0, activeSeconds: 0 })
  })

  it('does not undo what a tick wrote between the tenant row and the snapshot row', async () => {
    const { store } = openTenant(services)
    const insert = store.snapshots.insert.bind(store.snapshots)
    store.snapshots.insert = async (row) => {
      await store.snapshots.write({ ...row, status: 'running', wanted: 5 })
      return insert(row)
    }
    await requestSnapshot(store, START)
    expect((await api.call('/api/snapshots/20260612T020000Z')).json).toMatchObject({ status: 'running' })
  })

  it('shows an active snapshot as pending when it was killed before its row was written', async () => {
    openTenant(services).store.snapshots.insert = () => Promise.reject(new Error('killed'))
    expect((await sync()).status).toBe(500)
    expect((await api.call('/api/snapshots/20260612T020000Z')).json).toMatchObject({ status: 'pending', trigger: 'manual' })
    expect((await api.call('/api/snapshots')).json['snapshots']).toHaveLength(1)
    expect((await api.call('/api/snapshots/20260612T020000Z/unknown')).json).toEqual({ machines: [] })
    expect((await sync()).status).toBe(409)
  })
})

describe('GET snapshots', () => {
  it('is empty before the first one', async () => {
    expect((await api.call('/api/snapshots')).json).toEqual({ snapshots: [] })
    expect((await api.call('/api/snapshots/20260612T020000Z')).status).toBe(404)
    expect((await api.call('/api/snapshots/20260612T020000Z/unknown')).status).toBe(404)
  })

  it('gives all of them newest first, whatever the page size', async () => {
    const ids: string[] = []
    for (let week = 0; week < 9; week += 1) {
      const { json } = await sync()
      ids.unshift(String(json['snapshotId']))
      if (week < 8) await end(String(json['snapshotId']))
      outside.advance(week === 3 ? 200 * DAY : 7 * DAY)
    }
    for (const limit of [1, 2, 4, 9, 100]) {
      const found: string[] = []
      let next: string | undefined = `/api/snapshots?limit=${limit}&code=secret`
      while (next !== undefined) {
        const { json } = await api.call(next)
        const snapshots = json['snapshots'] as { snapshotId: string }[]
        expect(snapshots.length).toBeLessThanOrEqual(limit)
        found.push(...snapshots.map(({ snapshotId }) => snapshotId))
        next = json['nextLink'] as string | undefined
        expect(next ?? '').not.toContain('secret')
      }
      expect(found).toEqual(ids)
    }
  })

  it('takes the running counters from the tenant row while the snapshot runs', async () => {
    const { json } = await sync()
    const snapshotId = String(json['snapshotId'])
    const row = {
      ...pendingSnapshot(snapshotId, 'manual'),
      status: 'running' as const,
      phase: 'observing' as const,
      wanted: 200,
      observed: 98,
      unknown: 2,
    }
    await openTenant(services).store.snapshots.write(row)
    const { etag } = await openTenant(services).store.tenant.getOrCreate({})
    await openTenant(services).store.tenant.patch({ activeCalls: 110, activeSlices: 3, activeMilliseconds: 1500, activeRetries: 10 }, etag)
    expect((await api.call(`/api/snapshots/${snapshotId}`)).json).toMatchObject({
      status: 'running',
      progress: 0.5,
      coverage: 0.49,
      api: { calls: 110, retries: 10 },
      slices: 3,
      activeSeconds: 1.5,
      etaSeconds: 120,
    })
  })

  it('shows the error of a failed one', async () => {
    await sync()
    await end('20260612T020000Z', { status: 'failed', errorCode: 'forbidden', errorDetail: 'Missing application roles: Machine.Read.All' })
    expect((await api.call('/api/snapshots/20260612T020000Z')).json).toMatchObject({
      status: 'failed',
      coverage: 0,
      progress: 0,
      error: { code: 'forbidden', detail: 'Missing application roles: Machine.Read.All' },
    })
  })

  it('lists the machines without an observation in pages', async () => {
    await sync()
    const machines = Array.from({ length: 5 }, (_, index) => ({
      machineId: `m${index}`,
      computerDnsName: null,
      status: index === 0 ? 0 : 502,
      code: 'timeout',
      detail: 'no answer',
      attempts: 4,
    }))
    await openTenant(services).store.snapshots.writeUnknown('20260612T020000Z', machines)
    await end('20260612T020000Z', { status: 'incomplete' })
    const first = await api.call('/api/snapshots/20260612T020000Z/unknown?limit=3')
    expect(first.json['machines']).toHaveLength(3)
    expect(first.json['machines']).toMatchObject([{ machineId: 'm0', status: null }, { status: 502 }, {}])
    const second = await api.call(String(first.json['nextLink']))
    expect(second.json['machines']).toMatchObject([{ machineId: 'm3' }, { machineId: 'm4' }])
    expect(second.json).not.toHaveProperty('nextLink')
  })
})

describe('GET snapshots/{id}/unknown of a running snapshot', () => {
  const SNAPSHOT = '20260612T020000Z'
  const path = `/api/snapshots/${SNAPSHOT}/unknown`

  it('gives the machines that have not answered up to now, in pages, as they will stand in it at its end', async () => {
    await sync()
    const cause = { code: 'timeout', detail: 'no answer', status: 0, attempts: 4 }
    const timeout = { ...cause, state: 'unknown' as const }
    const settled = [
      outcome('m0', timeout),
      outcome('m1'),
      outcome('m2', { ...timeout, status: 502 }),
      outcome('m3', { ...timeout, settledSnapshotId: '20260605T020000Z' }),
      outcome('m4', { state: 'skipped' }),
      outcome('m5', timeout),
    ]
    await openTenant(services).store.machines.list(settled.map(({ machineId }) => listing(machineId)))
    await openTenant(services).store.machines.settle(settled)
    await openTenant(services).store.snapshots.write({
      ...pendingSnapshot(SNAPSHOT, 'manual'),
      status: 'running',
      phase: 'retrying',
      wanted: 6,
      unknown: 3,
    })

    const whole = (await api.call(path)).json['machines'] as object[]
    expect(whole).toEqual([
      { machineId: 'm0', computerDnsName: 'ws-1.contoso.com', status: null, code: 'timeout', detail: 'no answer', attempts: 4 },
      { machineId: 'm2', computerDnsName: 'ws-1.contoso.com', status: 502, code: 'timeout', detail: 'no answer', attempts: 4 },
      expect.objectContaining({ machineId: 'm5' }),
    ])
    const first = await api.call(`${path}?limit=1`)
    // Between two pages one machine answers, and the snapshot ends: it writes down those that did not.
    await openTenant(services).store.machines.settle([outcome('m2')])
    await openTenant(services).store.snapshots.writeUnknown(
      SNAPSHOT,
      ['m0', 'm5'].map((machineId) => ({ machineId, computerDnsName: null, ...cause })),
    )
    await end(SNAPSHOT, { status: 'incomplete' })
    const second = await api.call(String(first.json['nextLink']))
    expect([first, second].flatMap(({ json }) => json['machines'])).toMatchObject([{ machineId: 'm0' }, { machineId: 'm5' }])
    expect(second.json).not.toHaveProperty('nextLink')
  })

  it('gives none while it is pending', async () => {
    await sync()
    expect((await api.call(path)).json).toEqual({ machines: [] })
  })
})

describe('GET health', () => {
  it('is starting, ok, stale and blocked in turn', async () => {
    expect(await api.call('/api/health')).toMatchObject({ status: 503, json: { status: 'starting', version: '0.2.0', lastTickAt: null } })
    await sync()
    expect(await api.call('/api/health')).toMatchObject({ status: 503, json: { status: 'starting' } })
    await end('20260612T020000Z')
    expect(await api.call('/api/health')).toMatchObject({ status: 200, json: { status: 'ok' } })
    outside.advance(2 * DAY)
    expect(await api.call('/api/health')).toMatchObject({ status: 200 })
    outside.advance(1)
    expect(await api.call('/api/health')).toMatchObject({ status: 503, json: { status: 'stale' } })
    await end('20260614T020000Z')
    expect(await api.call('/api/health')).toMatchObject({ status: 200, json: { status: 'ok' } })
    const { etag } = await openTenant(services).store.tenant.getOrCreate({})
    const blockedDetail = `Missing application roles Machine.Read.All for ${TENANT} on SRV-SECRET`
    await openTenant(services).store.tenant.patch(
      { blockedCode: 'forbidden', blockedDetail, blockedAt: '2026-06-12T02:00:00Z', lastTickAt: '2026-06-12T02:01:00Z' },
      etag,
    )
    const blocked = await api.call('/api/health')
    expect(blocked).toMatchObject({ status: 503, json: { status: 'blocked', lastTickAt: '2026-06-12T02:01:00Z' } })
    expect(blocked.json['detail']).toContain('Machine.Read.All')
    expect(blocked.text).not.toMatch(new RegExp(`${TENANT}|SECRET`))
  })

  it('does not tell a configured tenant from another', async () => {
    const [own, other] = [
      await api.call(`/api/health?tenantId=${TENANT}`),
      await api.call(`/api/health?tenantId=${TENANT.replace('8', '9')}`),
    ]
    expect(own).toEqual({ ...other, headers: own.headers })
  })

  it('is blocked, and every other route a 503 problem, while settings are wrong; none shows a value', async () => {
    const broken = createApi({ SYNC_CALLS_PER_HOUR: 'Seekrit', STORAGE_CONNECTION_STRING: 'AccountName=x;AccountKey=Seekrit' }, outside)
    const health = await broken.call('/api/health')
    expect(health).toMatchObject({ status: 503, json: { status: 'blocked' } })
    const list = await broken.call('/api/snapshots')
    expect(list).toMatchObject({ status: 503, json: { type: 'urn:patchtrail:problem:misconfigured' } })
    for (const { text } of [health, list]) {
      expect(text).toContain('SYNC_CALLS_PER_HOUR')
      expect(text).not.toContain('Seekrit')
    }
  })

  it('is blocked when the storage does not answer', async () => {
    openTenant(services).store.tenant.get = () =>
      Promise.reject(new RestError('connect ECONNREFUSED 127.0.0.1:1', { code: 'REQUEST_SEND_ERROR' }))
    expect(await api.call('/api/health')).toMatchObject({ status: 503, json: { status: 'blocked', lastTickAt: null } })
    const list = await api.call('/api/snapshots')
    expect(list).toMatchObject({ status: 503, json: { type: 'urn:patchtrail:problem:storageUnavailable' } })
    expect(list.headers.get('retry-after')).toBe('30')
    expect(list.text).not.toContain('ECONNREFUSED')
    const [health, request] = outside.lines.map((line) => JSON.parse(line) as Record<string, string>)
    expect(health).toMatchObject({ level: 'error', event: 'health.failed', message: expect.stringContaining('ECONNREFUSED') as string })
    expect(request).toMatchObject({
      level: 'error',
      event: 'request.failed',
      route: 'snapshots',
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
  })

  it('is blocked when the storage takes the request and never answers, and gives the request up', async () => {
    const silent = await startSilentServer()
    onTestFinished(() => silent.close())
    const connectionString = `DefaultEndpointsProtocol=http;AccountName=silent;AccountKey=c2lsZW50;TableEndpoint=${silent.url}/silent;`
    const program = createProgram({ DEFENDER_TENANT_ID: TENANT, STORAGE_CONNECTION_STRING: connectionString }, outside)
    const answered = await createHealthRoute(50).serve(() => program)(new HttpRequest({ method: 'GET', url: `${ORIGIN}/api/health` }))
    expect(answered.status).toBe(503)
    expect(JSON.parse(answered.body as string)).toMatchObject({ status: 'blocked', lastTickAt: null })
    expect(outside.lines.join()).toContain('no answer within 50 ms')
    await silent.abandoned
    expect(silent.requests()).toBe(1)
  })
})
