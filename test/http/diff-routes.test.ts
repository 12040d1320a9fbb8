import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTenant } from '../../src/open-tenant.ts'
import { pendingSnapshot } from '../../src/domain/index.ts'
import { type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import type { ChangeShape } from '../../src/http/shapes/change.ts'
import type { OneTenantServices } from '../../src/program.ts'
import { changeKey } from '../../src/store/index.ts'
import { type Api, createApi, ORIGIN, TENANT } from '../support/api.ts'
import { type History, histories, playHistory, snapshotIdAt } from '../support/history-model.ts'
import { readCsv } from '../support/read-csv.ts'
import { recordingOutside } from '../support/recording-outside.ts'
import { writeSnapshot } from '../support/write-history.ts'
import { apiOver, FIRST, FOURTH, MACHINES, SECOND, THIRD, WEEKS } from './weeks.ts'

let service: RunningTableService
let prefixes = 0

beforeAll(async () => {
  service = await startTableService()
})
afterAll(() => service.close())

/** An API over a store of its own that holds a history. */
const apiWith = (history: History) => apiOver(service, `t${(prefixes += 1)}x`, history)

const changesOf = (json: Record<string, unknown>) => json['changes'] as ChangeShape[]

async function allPages(api: Api, path: string): Promise<ChangeShape[]> {
  const all: ChangeShape[] = []
  for (let next: string | undefined = path; next !== undefined;) {
    const { status, json } = await api.call(next)
    expect(status).toBe(200)
    all.push(...changesOf(json))
    next = json['nextLink'] as string | undefined
  }
  return all
}

describe('GET diffs over random histories in Table Storage', () => {
  it('leads from every snapshot to every later one, whatever the page size, and events fold to net', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.integer({ min: 1, max: 7 }), async (history, limit) => {
        const { api } = await apiWith(history)
        const last = history.snapshotIds.length - 1
        for (const from of history.snapshotIds) {
          const to = snapshotIdAt(last)
          const rows = await allPages(api, `/api/diffs?from=${from}&to=${to}&limit=${limit}`)
          const state = new Set(history.states.get(from))
          for (const row of rows)
            expect(
              row.change === 'appeared' ? !state.has(changeKey(row)) && state.add(changeKey(row)) : state.delete(changeKey(row)),
            ).toBeTruthy()
          expect(state).toEqual(history.states.get(to))
          const events = await allPages(api, `/api/diffs?from=${from}&to=${to}&limit=${limit}&mode=events`)
          expect(events).toHaveLength(history.changes.filter(({ snapshotId }) => snapshotId > from).length)
          const lastOfPair = new Map(events.map((row) => [changeKey(row), row]))
          for (const row of rows) expect(lastOfPair.get(changeKey(row))).toEqual(row)
        }
      }),
      { numRuns: 5 },
    )
  })
})

describe('GET diffs', () => {
  let api: Api
  let services: OneTenantServices

  beforeEach(async () => {
    ;({ api, services } = await apiWith(WEEKS))
  })

  const diff = async (parameters: string) => api.call(`/api/diffs?${parameters}`)

  it('shows a change with all that is known of it', async () => {
    const { json } = await diff('machineId=0a&kbId=KB+1%2F2&from=2026-06-06')
    expect(json).toEqual({
      tenantId: TENANT,
      from: { snapshotId: SECOND, startedAt: '2026-06-06T02:00:00Z', finishedAt: '2026-06-06T02:00:00Z', status: 'completed', coverage: 1 },
      to: { snapshotId: FOURTH, startedAt: '2026-06-20T02:00:00Z', finishedAt: '2026-06-20T02:00:00Z', status: 'completed', coverage: 1 },
      mode: 'net',
      changes: [
        {
          machineId: '0a',
          computerDnsName: '@srv-0a',
          osPlatform: 'Windows11',
          rbacGroupName: null,
          kbId: 'KB 1/2',
          kbName: 'Update, "KB 1/2"',
          productsNames: ['windows_10', '=cmd|calc'],
          url: 'https://catalog.example/KB%201%2F2',
          cveAddressed: 3,
          change: 'appeared',
          reason: 'reopened',
          snapshotId: THIRD,
          at: '2026-06-13T02:00:00Z',
          observedAt: '2026-06-13T02:00:00Z',
          firstMissingAt: '2026-06-13T02:00:00Z',
          daysMissing: 7,
          exposedSince: '2026-06-13T02:00:00Z',
          daysExposed: 7,
          exposedAtLeast: true,
          stillExposed: true,
        },
      ],
    })
    const resolved = await diff('machineId=0a&kbId=5094127&from=2026-05-30')
    expect(changesOf(resolved.json)).toMatchObject([
      {
        change: 'resolved',
        reason: 'installed',
        at: '2026-06-13T02:00:00Z',
        firstMissingAt: '2026-05-30T02:00:00Z',
        lastMissingAt: '2026-06-06T02:00:00Z',
        daysMissing: 14,
        stillExposed: false,
      },
    ])
    expect(changesOf((await diff('machineId=0a&kbId=KB+1%2F2&from=2026-05-30&to=2026-06-06')).json)).toMatchObject([
      { reason: 'superseded', replacedBy: ['5094127', '5095051'] },
    ])
  })

  it.each([
    ['', THIRD, FOURTH],
    ['from=previous&to=latest', THIRD, FOURTH],
    ['to=previous', SECOND, THIRD],
    [`to=${SECOND}`, FIRST, SECOND],
    ['from=2026-05-30', FIRST, FOURTH],
    ['from=2026-06-05&to=2026-06-12', FIRST, SECOND],
    ['from=2026-06-06T02:00:00Z&to=2026-06-13T01:59:59.999Z', SECOND, SECOND],
    ['from=2026-06-06T03:59:59%2B02:00&to=9999-12-31', FIRST, FOURTH],
    ['from=2026-06-06T04:00%2B02:00', SECOND, FOURTH],
    ['from=2026-06-06T04:00+02:00', SECOND, FOURTH],
    [`from=2026-06-06&to=${SECOND}`, SECOND, SECOND],
    ['from=2026-06-08&to=2026-06-08T12:00:00Z', SECOND, SECOND],
    ['from=9999-12-31', FOURTH, FOURTH],
    [`from=latest`, FOURTH, FOURTH],
  ])('takes %j as the snapshots %s to %s', async (parameters, from, to) => {
    expect((await diff(parameters)).json).toMatchObject({ from: { snapshotId: from }, to: { snapshotId: to } })
  })

  it.each([
    ['from=latest&to=previous', 400, 'from'],
    [`from=${THIRD}&to=${SECOND}`, 400, 'from'],
    // Both fall between the same two snapshots.
    ['from=2026-06-09&to=2026-06-08', 400, 'from'],
    ['from=2026-06-08T12:00:01Z&to=2026-06-08T12:00:00Z', 400, 'from'],
    [`from=2026-06-08&to=${SECOND}`, 400, 'from'],
    ['from=2026-05-29', 404, 'from'],
    ['to=2026-05-29', 404, 'to'],
    [`to=${FIRST}`, 404, 'from'],
    ['from=20260531T020000Z', 404, 'from'],
    ['from=20250101T000000Z', 404, 'from'],
  ])('refuses %j with %i for %s', async (parameters, status, parameter) => {
    const reply = await diff(parameters)
    expect(reply).toMatchObject({ status, json: { status, parameter } })
    if (status === 404) expect(reply.json['detail']).toContain(FIRST)
  })

  it('does not take a snapshot that is still running for an end', async () => {
    const { etag } = await openTenant(services).store.tenant.getOrCreate({})
    const running = snapshotIdAt(4)
    await openTenant(services).store.tenant.patch({ activeSnapshotId: running, lastSnapshotId: running }, etag)
    await openTenant(services).store.snapshots.write({ ...pendingSnapshot(running, 'schedule'), status: 'running' })
    expect((await diff('')).json).toMatchObject({ to: { snapshotId: FOURTH } })
    expect((await diff('to=9999-12-31')).json).toMatchObject({ to: { snapshotId: FOURTH } })
    expect(await diff(`to=${running}`)).toMatchObject({ status: 404, json: { parameter: 'to' } })
  })

  it('keeps its ends from page to page while another snapshot ends', async () => {
    const whole = changesOf((await diff('from=2026-05-30')).json)
    const first = await diff('from=2026-05-30&limit=1&code=SECRET')
    const longer = playHistory(MACHINES, [...[0, 1, 2, 3].map(() => MACHINES.map(() => undefined)), MACHINES.map(() => ['9999999'])])
    await writeSnapshot(openTenant(services).store, longer, snapshotIdAt(4))
    const { etag } = await openTenant(services).store.tenant.getOrCreate({})
    await openTenant(services).store.tenant.patch({ lastSnapshotId: snapshotIdAt(4), lastEndedSnapshotId: snapshotIdAt(4) }, etag)
    expect((await diff('')).json).toMatchObject({ to: { snapshotId: snapshotIdAt(4) } })
    const link = String(first.json['nextLink'])
    expect(link).toMatch(`${ORIGIN}/api/diffs?from=2026-05-30&limit=1&cursor=`)
    expect(link).not.toContain('SECRET')
    expect([...changesOf(first.json), ...(await allPages(api, link))]).toEqual(whole)
  })

  it('gives no next page when the last row just fits', async () => {
    const { json } = await diff('from=2026-05-30')
    const count = changesOf(json).length
    expect((await diff(`from=2026-05-30&limit=${count}`)).json).not.toHaveProperty('nextLink')
    expect((await diff(`from=2026-05-30&limit=${count - 1}`)).json).toHaveProperty('nextLink')
  })

  it('refuses a cursor of another diff, and takes one with another page size or format', async () => {
    const cursor = new URL(String((await diff('from=2026-05-30&limit=1')).json['nextLink'])).searchParams.get('cursor')
    expect((await diff(`from=2026-05-30&limit=9&format=csv&tenantId=${TENANT}&cursor=${cursor}`)).status).toBe(200)
    for (const other of ['from=2026-05-31', 'from=2026-05-30&mode=events', 'from=2026-05-30&kbId=1', '']) {
      expect(await diff(`${other}&cursor=${cursor}`)).toMatchObject({ status: 400, json: { parameter: 'cursor' } })
    }
    expect(await api.call(`/api/machines?cursor=${cursor}`)).toMatchObject({ status: 400, json: { parameter: 'cursor' } })
  })

  it.each([
    'machineId=0A',
    'machineId=0a',
    'kbId=5094127',
    'change=resolved',
    'reason=reopened',
    'change=appeared&machineId=7f00',
    'reason=removed',
    'kbId=none',
  ])('filtered by %s is the diff, filtered afterwards', async (filter) => {
    const wanted = [...new URLSearchParams(filter)].map(([name, value]) => [name, name === 'machineId' ? value.toLowerCase() : value])
    for (const mode of ['net', 'events']) {
      const all = changesOf((await diff(`from=2026-05-30&mode=${mode}`)).json)
      const expected = all.filter((row) => wanted.every(([name, value]) => row[name as keyof ChangeShape] === value))
      expect(changesOf((await diff(`from=2026-05-30&mode=${mode}&${filter}`)).json)).toEqual(expected)
      expect(await allPages(api, `/api/diffs?from=2026-05-30&mode=${mode}&${filter}&limit=1`)).toEqual(expected)
    }
  })

  it('gives the same rows as CSV and NDJSON, with the next page in the Link header', async () => {
    const rows = changesOf((await diff('mode=events&from=2026-05-30&limit=5')).json)
    const ndjson = await diff('mode=events&from=2026-05-30&limit=5&format=ndjson')
    expect(ndjson.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    expect(
      ndjson.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(rows)
    const csv = await api.call('/api/diffs?mode=events&from=2026-05-30&limit=5', { headers: { accept: 'text/csv' } })
    expect(csv.headers.get('content-type')).toMatch('text/csv; charset=utf-8')
    const [header = [], ...cells] = readCsv(csv.text)
    expect(cells.map((row) => row[header.indexOf('kbId')])).toEqual(rows.map(({ kbId }) => (kbId === '=1+1' ? "'=1+1" : kbId)))
    expect(cells.map((row) => row[header.indexOf('computerDnsName')])).toEqual(rows.map(({ computerDnsName }) => `'${computerDnsName}`))
    expect(cells.map((row) => row[header.indexOf('productsNames')])).toEqual(rows.map(() => "windows_10; '=cmd|calc"))
    for (const [format, { headers }] of [
      ['ndjson', ndjson],
      ['csv', csv],
    ] as const) {
      const link = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1]
      const next = await api.call(String(link), format === 'csv' ? { headers: { accept: 'text/csv' } } : {})
      expect(next.headers.get('content-type')).toMatch(format)
      expect(next.headers.get('link')).toBeNull()
    }
  })

  it.each([
    ['', '', 'application/json'],
    ['', '*/*', 'application/json'],
    ['', 'text/html, */*;q=0.1', 'application/json'],
    ['', 'text/csv;q=0.5, application/x-ndjson', 'application/x-ndjson'],
    ['', 'text/csv, application/json', 'application/json'],
    ['', 'TEXT/CSV', 'text/csv'],
    ['', 'text/*', 'text/csv'],
    ['', 'text/*, application/json', 'application/json'],
    ['', 'text/*, text/csv;q=0', 'application/json'],
    ['', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/json'],
    ['', 'application/json;q=0, */*', 'text/csv'],
    ['', 'application/json;q=0, application/*', 'application/x-ndjson'],
    // What rules all of them out is passed over.
    ['', 'text/html', 'application/json'],
    ['', 'application/json;q=0', 'application/json'],
    ['', '*/*;q=0', 'application/json'],
    ['', 'nonsense', 'application/json'],
    ['format=json', 'text/csv', 'application/json'],
    ['format=csv', 'application/json', 'text/csv'],
  ])('answers %j with Accept %j as %s', async (parameters, accept, type) => {
    const { headers } = await api.call(`/api/diffs?${parameters}`, { headers: { accept } })
    expect(headers.get('content-type')?.split(';')[0]).toBe(type)
  })

  it('compresses what the client accepts compressed, and no cache keeps it', async () => {
    for (const format of ['json', 'csv', 'ndjson']) {
      const plain = await diff(`from=2026-05-30&format=${format}`)
      const compressed = await api.call(`/api/diffs?from=2026-05-30&format=${format}`, { headers: { 'accept-encoding': 'br, gzip;q=0.8' } })
      expect(compressed.headers.get('content-encoding')).toBe('gzip')
      expect(compressed.text).toBe(plain.text)
      expect(plain.headers.get('content-encoding')).toBeNull()
      expect(plain.headers.get('cache-control')).toBe('no-store')
      const refused = await api.call(`/api/diffs?from=2026-05-30&format=${format}`, {
        headers: { 'accept-encoding': 'gzip;q=0, identity' },
      })
      expect(refused.headers.get('content-encoding')).toBeNull()
    }
  })

  it('answers HEAD with the head of GET', async () => {
    for (const format of ['json', 'csv']) {
      const head = await api.call(`/api/diffs?from=2026-05-30&limit=1&format=${format}`, { method: 'HEAD' })
      const get = await api.call(`/api/diffs?from=2026-05-30&limit=1&format=${format}`)
      expect(head.text).toBe('')
      expect(head.status).toBe(200)
      expect([...head.headers]).toEqual([...get.headers])
    }
  })

  it('says that nothing has ended before the first snapshot', async () => {
    const empty = createApi({ STORAGE_CONNECTION_STRING: service.connectionString, TABLE_PREFIX: 'empty' }, recordingOutside(0))
    expect(await empty.call('/api/diffs')).toMatchObject({ status: 404, json: { detail: 'No snapshot has ended yet.' } })
    expect(await empty.call('/api/diffs/summary')).toMatchObject({ status: 404 })
  })
})

describe('GET diffs/summary', () => {
  let api: Api

  beforeEach(async () => {
    ;({ api } = await apiWith(WEEKS))
  })

  const summary = async (parameters: string) => (await api.call(`/api/diffs/summary?from=2026-05-30${parameters}`)).json
  const totals = { appeared: 1, resolved: 1, installed: 1, stillExposed: 0, machines: 2, kbs: 1 }

  it('counts by every grouping, largest first', async () => {
    expect(await summary('')).toMatchObject({
      groupBy: 'kb',
      mode: 'net',
      from: { snapshotId: FIRST },
      to: { snapshotId: FOURTH },
      totals,
      groups: [{ key: '5094127', name: 'Update, "5094127"', ...totals }],
    })
    expect((await summary('&groupBy=machine'))['groups']).toEqual([
      { key: '0a', name: '@srv-0a', appeared: 0, resolved: 1, installed: 1, stillExposed: 0, machines: 1, kbs: 1 },
      { key: 'f9', name: '@srv-f9', appeared: 1, resolved: 0, installed: 0, stillExposed: 0, machines: 1, kbs: 1 },
    ])
    expect((await summary('&groupBy=reason'))['groups']).toMatchObject([{ key: 'installed' }, { key: 'new' }])
    expect((await summary('&groupBy=osPlatform'))['groups']).toMatchObject([{ key: 'Windows11' }, { key: 'WindowsServer2022' }])
    expect((await summary('&groupBy=rbacGroup'))['groups']).toEqual([{ key: null, ...totals }])
  })

  it('counts by several groupings at once', async () => {
    const one = { machines: 1, kbs: 1 }
    expect(await summary('&groupBy=kb&groupBy=rbacGroup&groupBy=reason&groupBy=kb')).toMatchObject({
      groupBy: ['kb', 'rbacGroup', 'reason'],
      totals,
      groups: [
        { keys: { kb: '5094127', rbacGroup: null, reason: 'installed' }, names: { kb: 'Update, "5094127"' }, resolved: 1, ...one },
        { keys: { kb: '5094127', rbacGroup: null, reason: 'new' }, names: { kb: 'Update, "5094127"' }, appeared: 1, ...one },
      ],
    })
    expect((await summary('&groupBy=reason&groupBy=osPlatform'))['groups']).toMatchObject([
      { keys: { reason: 'installed', osPlatform: 'Windows11' } },
      { keys: { reason: 'new', osPlatform: 'WindowsServer2022' } },
    ])
  })

  it('counts every change in events', async () => {
    const all = await api.call('/api/diffs?from=2026-05-30&mode=events')
    const { appeared, resolved } = (await summary('&mode=events'))['totals'] as { appeared: number; resolved: number }
    expect(appeared + resolved).toBe(changesOf(all.json).length)
    expect(appeared).toBeGreaterThan(1)
  })

  it('has the columns of what it was grouped by', async () => {
    const header = async (parameters: string) => readCsv((await api.call(`/api/diffs/summary?format=csv${parameters}`)).text)[0]
    const counts = ['appeared', 'resolved', 'installed', 'stillExposed', 'machines', 'kbs']
    expect(await header('')).toEqual(['key', 'name', ...counts])
    expect(await header('&groupBy=kb&groupBy=reason')).toEqual(['keys.kb', 'keys.reason', 'names.kb', ...counts])
  })
})
