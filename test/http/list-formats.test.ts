import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import { routes } from '../../src/http/routes/route-list.ts'
import { openTenant } from '../../src/open-tenant.ts'
import type { TenantStore } from '../../src/store/index.ts'
import { type Api, createApi, type Reply } from '../support/api.ts'
import { histories, type History, snapshotIdAt } from '../support/history-model.ts'
import { readCsv } from '../support/read-csv.ts'
import { recordingOutside } from '../support/recording-outside.ts'
import { apiOver, FIRST, FOURTH, THIRD, WEEKS } from './weeks.ts'

let service: RunningTableService
let api: Api
let prefixes = 0

const apiWith = (history: History) => apiOver(service, `l${(prefixes += 1)}x`, history)

beforeAll(async () => {
  service = await startTableService()
  const made = await apiWith(WEEKS)
  ;({ api } = made)
  const unknown = { computerDnsName: '=srv', status: 0, code: 'timeout', detail: 'no answer', attempts: 3 }
  const machines = ['0a', '7f00', 'f9'].map((machineId) => ({ machineId, ...unknown }))
  const { store } = openTenant(made.services)
  await store.snapshots.writeUnknown(FOURTH, machines)
  await writeSample(store)
})
afterAll(() => service.close())

/** What checking an export found, of a snapshot. */
async function writeSample({ samples }: TenantStore): Promise<void> {
  const told = { computerDnsName: '=srv', newest: 'less', raw: 'both', newestMore: [], newestLess: ['90'] } as const
  const disputed = ['0a', '7f00'].map((machineId) => ({ machineId, ...told, rawMore: ['91', '1-2'], rawLess: ['90'] }))
  await samples.writeMachines(FOURTH, disputed)
  const counts = ['edge', 'windows_11'].map((product) => ({ product, kbId: 'KB 1/2', ours: 3, theirs: null, difference: null }))
  await samples.writeCounts(FOURTH, [...counts, { product: 'windows_11', kbId: '90', ours: 3, theirs: 1, difference: -2 }])
}

/** Every route that answers a list: an address, the name of its rows, whether it has pages, and what its file is called. */
const LISTS: [route: string, path: string, rows: string, paged: boolean, fileName: string][] = [
  ['tenants', 'tenants', 'tenants', true, 'tenants-2026-08-01'],
  ['machines', 'machines', 'machines', true, 'machines-2026-08-01'],
  ['kbs', 'kbs', 'kbs', true, 'kbs-2026-08-01'],
  ['kbMachines', 'kbs/5094127/machines', 'machines', true, 'kb-5094127-machines-2026-08-01'],
  ['kbMachines', 'kbs/KB%201%2F2/machines', 'machines', true, 'kb-KB_1_2-machines-2026-08-01'],
  ['machineMissingKbs', 'machines/7f00/missing-kbs', 'missingKbs', false, `machine-7f00-missing-kbs-${FOURTH}`],
  ['machineHistory', 'machines/0A/history', 'intervals', false, 'machine-0a-history-2026-08-01'],
  ['snapshots', 'snapshots', 'snapshots', true, 'snapshots-2026-08-01'],
  ['snapshotUnknown', `snapshots/${FOURTH.toLowerCase()}/unknown`, 'machines', true, `snapshot-${FOURTH}-unknown`],
  ['snapshotUnknown', 'snapshots/latest/unknown', 'machines', true, `snapshot-${FOURTH}-unknown`],
  ['snapshotSample', 'snapshots/latest/sample', 'machines', true, `snapshot-${FOURTH}-sample`],
  ['snapshotCounts', 'snapshots/latest/counts', 'products', true, `snapshot-${FOURTH}-counts`],
  ['diffs', 'diffs?from=2026-05-30&mode=events', 'changes', true, `diffs-${FIRST}-${FOURTH}`],
  ['diffsSummary', 'diffs/summary?from=2026-05-30&mode=events', 'groups', false, `diffs-summary-${FIRST}-${FOURTH}`],
  ['diffsSummary', 'diffs/summary?groupBy=kb&groupBy=reason', 'groups', false, `diffs-summary-${THIRD}-${FOURTH}`],
]
/** Those that take trends, or whose rows hold rows: `trend-routes.test.ts`. */
const WITH_TRENDS = ['trends', 'cohorts', 'groups', 'kbTrend']
/** The same with nothing in them. */
const EMPTY = [
  'diffs?from=latest',
  'diffs/summary?from=latest',
  'diffs?q=nobody',
  `snapshots/${FIRST}/unknown`,
  'machines/f9/missing-kbs?at=2026-05-30',
]

const at = (path: string, parameters: string) => `/api/${path}${path.includes('?') ? '&' : '?'}${parameters}`
const nextOf = ({ headers }: Reply) => /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1]

/** All rows, in the smallest pages that there are. */
async function jsonRows(from: Api, path: string, rows: string, limit: string): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = []
  for (let next: string | undefined = at(path, limit); next !== undefined;) {
    const { status, json } = await from.call(next)
    expect(status).toBe(200)
    all.push(...(json[rows] as Record<string, unknown>[]))
    next = json['nextLink'] as string | undefined
  }
  return all
}

const linesOf = (text: string) =>
  text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)

/** The records of a CSV by the names of its columns. */
function recordsOf(text: string): Record<string, string>[] {
  const [header = [], ...records] = readCsv(text)
  return records.map((record) => Object.fromEntries(record.map((cell, index) => [header[index] ?? '', cell])))
}

/** A row as flat as a record: `machines.listed`, and all that is not there left out. */
function flat(row: object, prefix = ''): Record<string, string> {
  const cells = Object.entries(row).map(([name, value]: [string, unknown]) => {
    if (Array.isArray(value)) return { [prefix + name]: value.join('; ') }
    if (typeof value === 'object' && value !== null) return flat(value, `${prefix}${name}.`)
    return { [prefix + name]: typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value) }
  })
  return withoutEmpty(Object.assign({}, ...cells) as Record<string, string>)
}

const withoutEmpty = (record: Record<string, string>) => Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== ''))
/** Without the apostrophes before what a spreadsheet would run. */
const plain = (record: Record<string, string>) =>
  Object.fromEntries(Object.entries(record).map(([name, cell]) => [name, cell.replace(/(^|; )'(?=[=@+-])/g, '$1')]))

/** As people get it: instants without offset, and what looks like a number as a text, which a formula makes. */
const fromExcel = (record: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(record).map(([name, cell]) => [
      name,
      cell.replace(/^="(.*)"$/, '$1').replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/, '$1T$2Z'),
    ]),
  )

describe('a list', () => {
  it('is every route that has a format', () => {
    const listed = routes.filter(({ query }) => 'format' in query.shape).map(({ name }) => name)
    expect(new Set([...LISTS.map(([name]) => name), ...WITH_TRENDS])).toEqual(new Set(listed))
  })

  it.each(LISTS)('of %s (%s) has the same rows in every format', async (_route, path, rowsName, paged, fileName) => {
    const rows = await jsonRows(api, path, rowsName, paged ? 'limit=1' : 'format=json')
    expect(rows.length).toBeGreaterThan(0)
    expect(linesOf((await api.call(at(path, 'format=ndjson'))).text)).toEqual(rows)
    const csv = await api.call(at(path, 'format=csv'))
    expect(recordsOf(csv.text).map(plain).map(withoutEmpty)).toEqual(rows.map((row) => flat(row)))
    expect(csv.headers.get('content-disposition')).toBeNull()
    const excel = await api.call(at(path, 'format=excel'))
    expect(excel.text.startsWith('\uFEFF')).toBe(true)
    expect(recordsOf(excel.text.slice(1)).map(plain).map(fromExcel).map(withoutEmpty)).toEqual(rows.map((row) => flat(row)))
    expect(excel.headers.get('content-disposition')).toBe(`attachment; filename="patchtrail-${fileName}.csv"`)
    for (const { headers } of [csv, excel]) expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
  })

  it.each(LISTS.filter(([, , , paged]) => paged))('of %s (%s) is given in pages where a limit is given', async (_route, path, rowsName) => {
    const rows = await jsonRows(api, path, rowsName, 'limit=10')
    const found: unknown[] = []
    for (let next: string | undefined = at(path, 'limit=1&format=ndjson'); next !== undefined;) {
      const reply: Reply = await api.call(next)
      expect(linesOf(reply.text)).toHaveLength(1)
      found.push(...linesOf(reply.text))
      next = nextOf(reply)
    }
    expect(found).toEqual(rows)
    const { json } = await api.call(at(path, 'limit=1'))
    if (typeof json['nextLink'] !== 'string') return
    // From a cursor on, to the end.
    const rest = await api.call(json['nextLink'].replace('limit=1', 'format=ndjson'))
    expect(linesOf(rest.text)).toEqual(rows.slice(1))
    expect(rest.headers.get('link')).toBeNull()
  })

  it.each(LISTS)('of %s (%s) is chosen by Accept, has its head, and refuses by a problem', async (_route, path) => {
    for (const [accept, type] of [
      ['text/csv', 'text/csv'],
      ['application/x-ndjson;q=0.9, */*;q=0.1', 'application/x-ndjson'],
      ['*/*', 'application/json'],
    ] as const) {
      const { headers } = await api.call(`/api/${path}`, { headers: { accept } })
      expect(headers.get('content-type')?.split(';')[0]).toBe(type)
    }
    for (const format of ['json', 'csv', 'excel', 'ndjson']) {
      const get = await api.call(at(path, `format=${format}`))
      const head = await api.call(at(path, `format=${format}`), { method: 'HEAD' })
      expect([head.status, head.text, [...head.headers]]).toEqual([200, '', [...get.headers]])
      const refused = await api.call(at(path, `format=${format}&typo=1`))
      expect([refused.status, refused.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8'])
    }
    expect(await api.call(at(path, 'format=xlsx'))).toMatchObject({ status: 400, json: { parameter: 'format' } })
  })

  it.each(EMPTY)('with nothing in it (%s) is a header and no row', async (path) => {
    expect((await api.call(at(path, 'format=ndjson'))).text).toBe('')
    expect(readCsv((await api.call(at(path, 'format=csv'))).text)).toHaveLength(1)
    expect((await api.call(at(path, 'format=excel'))).text).toMatch(/^\uFEFF[^\r\n]+\r\n$/)
  })

  it('without any table is empty as well', async () => {
    const empty = createApi({ STORAGE_CONNECTION_STRING: service.connectionString, TABLE_PREFIX: 'none' }, recordingOutside(0))
    for (const path of ['machines', 'kbs', 'snapshots']) expect((await empty.call(at(path, 'format=ndjson'))).text).toBe('')
    for (const path of ['diffs', 'diffs/summary', 'snapshots/latest', 'snapshots/latest/unknown', 'machines/0a/history', 'kbs/1/machines'])
      expect((await empty.call(`/api/${path}`)).status).toBe(404)
  })
})

describe('a diff over random histories', () => {
  it('read back from CSV is what all pages of JSON hold', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.constantFrom('net', 'events'), async (history, mode) => {
        const { api: own } = await apiWith(history)
        const path = `diffs?from=${history.snapshotIds[0]}&to=${snapshotIdAt(history.snapshotIds.length - 1)}&mode=${mode}`
        const rows = await jsonRows(own, path, 'changes', 'limit=3')
        const csv = recordsOf((await own.call(at(path, 'format=csv'))).text)
        expect(csv.map(plain).map(withoutEmpty)).toEqual(rows.map((row) => flat(row)))
      }),
      { numRuns: 10 },
    )
  })
})
