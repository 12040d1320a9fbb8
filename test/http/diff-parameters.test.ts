import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import { pendingSnapshot } from '../../src/domain/index.ts'
import { READ_POLICY } from '../../src/history/read-policy.ts'
import type { ChangeShape } from '../../src/http/shapes/change.ts'
import { openTenant } from '../../src/open-tenant.ts'
import type { TenantStore } from '../../src/store/index.ts'
import type { Api } from '../support/api.ts'
import { type History, playHistory, snapshotIdAt } from '../support/history-model.ts'
import { apiOver, FIRST, FOURTH, SECOND, THIRD, WEEKS } from './weeks.ts'

let service: RunningTableService
let api: Api
let store: TenantStore
let prefixes = 0

const apiWith = (history: History) => apiOver(service, `p${(prefixes += 1)}x`, history)

/** Machines that differ in name, group and platform. */
const GROUPED = { '0a': 'Servers', '7f00': null, f9: 'servers' } as const
const NAMES = { '0a': 'SRV-Alpha', '7f00': null, f9: 'srv-beta' } as const

beforeAll(async () => {
  service = await startTableService()
  const changes = WEEKS.changes.map((change) => {
    const machineId = change.machineId as keyof typeof GROUPED
    return { ...change, rbacGroupName: GROUPED[machineId], computerDnsName: NAMES[machineId] }
  })
  const made = await apiWith({ ...WEEKS, changes })
  ;({ api } = made)
  ;({ store } = openTenant(made.services))
})
afterAll(() => service.close())

const diff = (parameters: string) => api.call(`/api/diffs?${parameters}`)
const changesOf = (json: Record<string, unknown>) => json['changes'] as ChangeShape[]

describe('the beginning of a diff', () => {
  it.each([
    ['from=-7d', THIRD, FOURTH],
    ['from=-1w', THIRD, FOURTH],
    ['from=-8d', SECOND, FOURTH],
    ['from=-2w', SECOND, FOURTH],
    ['from=-1d', THIRD, FOURTH],
    [`from=-7d&to=${THIRD}`, SECOND, THIRD],
    ['from=-2w&to=previous', FIRST, THIRD],
    ['from=-7d&to=2026-06-09', FIRST, SECOND],
  ])('as %s is the snapshot %s', async (parameters, from, to) => {
    for (const path of ['/api/diffs', '/api/diffs/summary'])
      expect((await api.call(`${path}?${parameters}`)).json).toMatchObject({ from: { snapshotId: from }, to: { snapshotId: to } })
  })

  it('before all snapshots is a 404 that names the oldest', async () => {
    const { status, json } = await diff('from=-4w')
    expect([status, json['parameter']]).toEqual([404, 'from'])
    expect(json['detail']).toBe(
      `No snapshot has ended that started at or before 2026-05-23T02:00:00.000Z (-4w). The oldest snapshot is ${FIRST}.`,
    )
  })

  it.each(['from=-0d', 'from=-7', 'from=7d', 'from=-7h', 'from=-12345d', 'from=-1.5d', 'to=-7d', 'from=--7d'])(
    'is not %s',
    async (parameters) => {
      expect(await diff(parameters)).toMatchObject({ status: 400, json: { parameter: parameters.split('=')[0] } })
    },
  )

  it('is pinned in the next link', async () => {
    const { json } = await diff('from=-3w&limit=1&mode=events')
    expect((await api.call(String(json['nextLink']))).json).toMatchObject({ from: { snapshotId: FIRST }, to: { snapshotId: FOURTH } })
  })
})

describe('the filters of a diff', () => {
  const filters: [filter: string, passes: (row: ChangeShape) => boolean][] = [
    ['rbacGroup=Servers', (row) => row.rbacGroupName === 'Servers'],
    ['rbacGroup=', (row) => row.rbacGroupName === null],
    ['rbacGroup=none', () => false],
    ['osPlatform=Windows11', (row) => row.osPlatform === 'Windows11'],
    ['q=sRv-', (row) => row.computerDnsName?.toLowerCase().startsWith('srv-') ?? false],
    ['q=srv-b', (row) => row.machineId === 'f9'],
    ['q=rv', () => false],
    ['reason=new&reason=installed', (row) => ['new', 'installed'].includes(row.reason)],
    ['reason=reopened&q=srv&rbacGroup=Servers', (row) => row.reason === 'reopened' && row.rbacGroupName === 'Servers'],
  ]

  it.each(filters)('%s leave what passes, in pages as well', async (filter, passes) => {
    for (const mode of ['net', 'events']) {
      const all = changesOf((await diff(`from=${FIRST}&mode=${mode}`)).json)
      const found: ChangeShape[] = []
      for (let next: string | undefined = `/api/diffs?from=${FIRST}&mode=${mode}&${filter}&limit=1`; next !== undefined;) {
        const { json } = await api.call(next)
        found.push(...changesOf(json))
        next = json['nextLink'] as string | undefined
      }
      expect(found).toEqual(all.filter(passes))
    }
  })

  it.each([
    'reason=new&reason=nonsense',
    'reason=',
    'q=',
    `q=${'x'.repeat(101)}`,
    `rbacGroup=${'x'.repeat(257)}`,
    'rbacGroup=a&rbacGroup=b',
  ])('refuse %s', async (parameters) => {
    expect(await diff(parameters)).toMatchObject({ status: 400, json: { parameter: parameters.split('=')[0] } })
  })

  it('belong to a cursor', async () => {
    const { json } = await diff(`from=${FIRST}&mode=events&reason=new&reason=reopened&limit=1`)
    const cursor = new URL(String(json['nextLink'])).searchParams.get('cursor') ?? ''
    expect((await diff(`from=${FIRST}&mode=events&reason=new&reason=reopened&cursor=${cursor}`)).status).toBe(200)
    expect((await diff(`from=${FIRST}&mode=events&reason=new&cursor=${cursor}`)).status).toBe(400)
  })
})

describe('latest in a path', () => {
  it('is the newest snapshot that has ended', async () => {
    for (const id of ['latest', 'LATEST', FOURTH, FOURTH.toLowerCase()])
      expect((await api.call(`/api/snapshots/${id}`)).json).toMatchObject({ snapshotId: FOURTH })
    expect(await api.call('/api/snapshots/20200101T000000Z')).toMatchObject({ status: 404, json: { parameter: 'snapshotId' } })
  })
})

describe('pages of the latest snapshot', () => {
  it('stay with it when another has ended', async () => {
    const { api: own, services } = await apiWith(WEEKS)
    const tables = openTenant(services).store
    const unknown = { computerDnsName: null, status: 0, code: 'timeout', detail: '', attempts: 1 }
    await tables.snapshots.writeUnknown(FOURTH, [
      { machineId: '0a', ...unknown },
      { machineId: 'f9', ...unknown },
    ])
    const { json } = await own.call('/api/snapshots/latest/unknown?limit=1')
    const newer = { ...pendingSnapshot(snapshotIdAt(4), 'schedule'), status: 'completed', phase: 'ended' } as const
    await tables.snapshots.write(newer)
    const { etag } = await tables.tenant.getOrCreate({})
    await tables.tenant.patch({ lastSnapshotId: newer.snapshotId, lastEndedSnapshotId: newer.snapshotId }, etag)
    expect((await own.call('/api/snapshots/latest')).json).toMatchObject({ snapshotId: newer.snapshotId })
    expect((await own.call('/api/snapshots/latest/unknown')).json).toEqual({ machines: [] })
    expect((await own.call(String(json['nextLink']))).json).toMatchObject({ machines: [{ machineId: 'f9' }] })
  })
})

describe('a diff of more changes than can be read in time', () => {
  const most = READ_POLICY.changesPerSecond * READ_POLICY.secondsOfAnswer
  const counted = (appeared: number) =>
    store.snapshots.write({
      ...pendingSnapshot(FOURTH, 'schedule'),
      status: 'completed',
      phase: 'ended',
      finishedAt: '2026-06-20T02:00:00Z',
      appeared,
      resolved: 1,
    })

  it('is refused before its first byte, unless it is asked for in pages', async () => {
    await counted(most)
    for (const format of ['csv', 'excel', 'ndjson']) {
      const refused = await diff(`format=${format}`)
      expect(refused).toMatchObject({ status: 413, json: { type: 'urn:patchtrail:problem:tooLarge', parameter: 'limit' } })
      expect(refused.json['detail']).toMatch(/limit.*narrower range/)
      expect((await diff(`format=${format}&limit=5`)).status).toBe(200)
      expect((await diff(`format=${format}&machineId=0a`)).status).toBe(200)
      expect((await diff(`format=${format}&to=${THIRD}`)).status).toBe(200)
      expect((await api.call(`/api/diffs?format=${format}`, { method: 'HEAD' })).status).toBe(413)
    }
    expect((await diff('')).status).toBe(200)
    expect(await api.call('/api/diffs/summary')).toMatchObject({ status: 413, json: { parameter: 'from' } })
    await counted(most - 1)
    expect((await diff('format=csv')).status).toBe(200)
    expect((await api.call('/api/diffs/summary')).status).toBe(200)
  })
})

describe('a filter that matches little', () => {
  it('makes a page that is short and goes on, and nothing of it in the other formats', async () => {
    const { api: own, services } = await apiOver(service, 'own', playHistory(['0a'], [[[]], [['5094127']], [['5094127']]]))
    const change = WEEKS.changes[0]
    if (!change) throw new Error('there is no change')
    const snapshotId = snapshotIdAt(2)
    const found = { ...change, snapshotId, machineId: 'f9', kbId: '1', computerDnsName: 'wanted' }
    const others = Array.from({ length: 16 }, (_, bucket) =>
      Array.from({ length: READ_POLICY.changesOfPage / 15 }, (_, index) => ({
        ...change,
        snapshotId,
        machineId: `${bucket.toString(16)}0`,
        kbId: String(5_000_000 + index),
        computerDnsName: 'other',
      })),
    )
    await openTenant(services).store.changes.write(snapshotId, [...others.flat(), found])
    const path = `/api/diffs?from=${snapshotIdAt(1)}&q=wanted`
    const first = await own.call(path)
    expect(changesOf(first.json)).toEqual([])
    const second = await own.call(String(first.json['nextLink']))
    expect(changesOf(second.json)).toMatchObject([{ machineId: 'f9' }])
    expect(second.json).not.toHaveProperty('nextLink')
    const lines = await own.call(`${path}&format=ndjson`)
    expect([lines.text.trimEnd().split('\n').length, lines.headers.get('link')]).toEqual([1, null])
  })
})
