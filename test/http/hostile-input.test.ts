import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oneTenantOf } from '../../dev/one-tenant.ts'
import { openTenant } from '../../src/open-tenant.ts'
import { type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import { encodeCursor } from '../../src/edge/cursor.ts'
import { routes } from '../../src/http/routes/route-list.ts'
import { type Api, apiOf, TENANT } from '../support/api.ts'
import { playHistory } from '../support/history-model.ts'
import { programOver } from '../support/program-over.ts'
import { type RecordingOutside, recordingOutside } from '../support/recording-outside.ts'
import { writeHistory } from '../support/write-history.ts'

const MACHINES = ['0a', '7f00']

let service: RunningTableService
let api: Api
let outside: RecordingOutside

beforeAll(async () => {
  service = await startTableService()
  outside = recordingOutside(Date.parse('2026-08-01T00:00:00Z'))
  api = apiOf(programOver(service, { DEFENDER_TENANT_ID: TENANT }, outside))
  const history = playHistory(MACHINES, [
    [['5094127'], []],
    [['5095051'], ['5094127']],
    [['5095051', "O'Brien"], []],
  ])
  await writeHistory(openTenant(oneTenantOf(api.program)).store, history)
})
afterAll(() => service.close())

const HOSTILE = [
  '',
  ' ',
  "'",
  "''",
  "' or '1' eq '1",
  "x' or PartitionKey ne '",
  "0a' or RowKey gt '",
  '") or 1=1--',
  '0a|',
  '0a}',
  '|',
  '..',
  '../..',
  '../../etc/passwd',
  '%2e%2e%2f',
  '..\\',
  '/',
  '//',
  '?',
  '#',
  '\0',
  '0a\0',
  '\r\nset-cookie: a=b',
  '\u202e0a',
  '￿',
  '🦊',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '${7*7}',
  '*',
  '%',
  '%00',
  'null',
  'undefined',
  'NaN',
  '-1',
  '0',
  '1e3',
  '0x10',
  '1.5',
  '99999999999999999999',
  'true',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  'latest ',
  'LATEST',
  '2026-02-30',
  '2026-13-01',
  '0000-00-00',
  '9999-12-31T23:59:60Z',
  '2026-06-06T02:00:00',
  '+275760-09-13',
  '20260230T020000Z',
  '20260606T250000Z',
  'a'.repeat(101),
  'a'.repeat(100_000),
  "'".repeat(100),
  'ü'.repeat(100),
]

const parameters = routes.flatMap((route) => [
  ...Object.keys(route.query.shape).map((name) => ({ route, name, place: 'query' as const })),
  ...Object.keys(route.params.shape).map((name) => ({ route, name, place: 'path' as const })),
])

/** A call of a route with one parameter set; the others of the path are good. */
function pathWith(path: string, place: 'query' | 'path', name: string, value: string): string {
  const good: Record<string, string> = {
    tenantId: TENANT,
    machineId: '0a',
    kbId: '5094127',
    snapshotId: '20260606T020000Z',
    month: '202605',
  }
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) =>
    encodeURIComponent(place === 'path' && key === name ? value : (good[key] ?? '')),
  )
  const required = path === 'search' && name !== 'q' ? '?q=0a' : ''
  return place === 'query' ? and(`/api/${filled}${required}`, `${name}=${encodeURIComponent(value)}`) : `/api/${filled}${required}`
}

const and = (path: string, parameters: string) => `${path}${path.includes('?') ? '&' : '?'}${parameters}`

/** What there is none of here: a healthy tenant, and trends. */
const ABSENT: Record<string, number> = { health: 503, cohort: 404 }

const methodOf = ({ method, body }: Pick<(typeof routes)[number], 'method' | 'body'>) => ({
  method,
  ...(body && { body: JSON.stringify({ name: 'a customer' }) }),
})

describe('hostile input', () => {
  it.each(parameters.map((parameter) => [parameter.route.name, parameter.name, parameter] as const))(
    'to %s as %s is answered or refused by name',
    async (_route, name, { route, place }) => {
      // A path without its parameter is another path.
      const values = HOSTILE.filter((value) => place === 'query' || !/^(\.\.?)?$/.test(value))
      const replies = await Promise.all(
        values.map(async (value) => ({ value, reply: await api.call(pathWith(route.path, place, name, value), methodOf(route)) })),
      )
      for (const { value, reply } of replies) {
        const label = `${name}=${JSON.stringify(value.slice(0, 60))}: ${reply.status}`
        expect(reply.status, label).toSatisfy(
          (status: number) => [200, 202, 400, 404, 409].includes(status) || (route.name === 'health' && status === 503),
        )
        if (reply.status !== 400) continue
        expect(reply.json['parameter'], label).toBe(name)
        expect(String(reply.json['detail']).length, label).toBeLessThan(700)
      }
    },
  )

  it.each(['&&&', '==', 'limit', 'limit[]=1', 'kbId=5094127;limit=1'])('in odd form (%s) is answered or refused', async (text) => {
    expect([200, 400]).toContain((await api.call(`/api/diffs?from=2026-05-30&${text}`)).status)
  })

  it.each(routes.map((route) => [route.name, route] as const))('to %s in odd encoding is refused by name', async (_name, route) => {
    for (const name of [...Object.keys(route.query.shape), 'unknown', '%ff']) {
      for (const text of ['%ED%A0%80', '%', '%zz', '%00', '%u0041', '%c0%ae', '%ff', 'a%0d%0ab', 'a%09', '%C2%85']) {
        const reply = await api.call(and(pathWith(route.path, 'path', '', ''), `${name}=${text}`), methodOf(route))
        expect(reply, `${name}=${text}`).toMatchObject({
          status: 400,
          json: { type: 'urn:patchtrail:problem:invalidParameter', parameter: name },
        })
      }
    }
  })

  it.each(parameters.filter(({ place }) => place === 'path').map((parameter) => [parameter.route.name, parameter] as const))(
    'to %s in odd encoding of a path is refused by name',
    async (_name, { route, name }) => {
      for (const text of ['%', '%zz', 'a%ff', '%ED%A0%80', '%u0041']) {
        const path = pathWith(route.path, 'path', name, 'PLACE').replace('PLACE', text)
        expect(await api.call(path, methodOf(route)), path).toMatchObject({
          status: 400,
          json: { type: 'urn:patchtrail:problem:invalidParameter', parameter: name, detail: expect.stringContaining('encoded') as string },
        })
      }
    },
  )

  it('never reaches the store as a filter that finds more', async () => {
    const all = await api.call('/api/diffs?from=2026-05-30')
    const machines = new Set((all.json['changes'] as { machineId: string }[]).map(({ machineId }) => machineId))
    expect(machines.size).toBe(1)
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 40 }), async (text) => {
        for (const name of ['machineId', 'kbId']) {
          const { status, json } = await api.call(`/api/diffs?from=2026-05-30&mode=events&${name}=${encodeURIComponent(text)}`)
          expect([200, 400]).toContain(status)
          const wanted = name === 'machineId' ? text.toLowerCase() : text
          for (const row of (json['changes'] ?? []) as Record<string, string>[]) expect(row[name]).toBe(wanted)
        }
      }),
      { numRuns: 60 },
    )
  })

  it.each(routes.map((route) => [route.name, route] as const))(
    'to %s as a parameter that nobody knows is refused',
    async (_name, route) => {
      const path = pathWith(route.path, 'path', '', '')
      for (const unknown of [
        'machineid',
        'Limit',
        'filter',
        '$filter',
        '__proto__',
        'constructor',
        'toString',
        '',
        "'",
        'x'.repeat(100_000),
      ]) {
        const reply = await api.call(and(path, `${encodeURIComponent(unknown)}=1`), methodOf(route))
        expect(reply, unknown.slice(0, 40)).toMatchObject({
          status: 400,
          json: { type: 'urn:patchtrail:problem:unknownParameter', parameter: unknown.slice(0, 100) },
        })
        expect(reply.text.length).toBeLessThan(2000)
      }
      for (const own of Object.keys(route.query.shape).filter((name) => !['reason', 'groupBy', 'severity'].includes(name))) {
        const reply = await api.call(and(path, `${own}=1&${own}=1`), methodOf(route))
        expect(reply).toMatchObject({ status: 400, json: { type: 'urn:patchtrail:problem:repeatedParameter', parameter: own } })
      }
    },
  )

  it.each(routes.map((route) => [route.name, route] as const))(
    'to %s: the platform parameters are accepted and never repeated',
    async (_name, route) => {
      const reply = await api.call(
        and(
          pathWith(route.path, 'path', '', ''),
          `code=S3CRET&code=S3CRET&Code=S3CRET&CODE=S3CRET&clientId=S3CRET&clientid=S3CRET&tenantId=${TENANT.toUpperCase()}`,
        ),
        methodOf(route),
      )
      expect(reply.status).toSatisfy((status: number) => status < 400 || status === 409 || ABSENT[route.name] === status)
      expect(reply.text + JSON.stringify([...reply.headers])).not.toContain('S3CRET')
      expect(outside.lines.join()).not.toContain('S3CRET')
    },
  )

  it('names another tenant nowhere but in a 404', async () => {
    for (const route of routes.filter(({ name }) => name !== 'health')) {
      const reply = await api.call(and(pathWith(route.path, 'path', '', ''), `tenantId=${TENANT.replace('8', '9')}`), methodOf(route))
      expect(reply).toMatchObject({ status: 404, json: { type: 'urn:patchtrail:problem:unknownTenant', parameter: 'tenantId' } })
    }
  })

  it('in a cursor that somebody forged reads no more than the query allows', async () => {
    const ends = { from: '20260530T020000Z', to: '20260613T020000Z' }
    const scope = ['diffs', TENANT, '["machineId","7f00"]']
    const forged = [
      { ...ends, machineId: "' or PartitionKey gt '", kbId: "'" },
      { ...ends, machineId: '0', kbId: '\0' },
      { ...ends, machineId: 'x'.repeat(200), kbId: 'ü'.repeat(200) },
      { ...ends, from: '20240101T000000Z', machineId: '0', kbId: '0' },
      { ...ends, from: "' or 1 eq 1", machineId: '0', kbId: '0' },
      { from: ends.to, to: ends.from, machineId: '0', kbId: '0' },
      { ...ends, machineId: 'x'.repeat(201), kbId: '0' },
      null,
      [],
    ]
    for (const position of forged) {
      const { status, json } = await api.call(`/api/diffs?machineId=7f00&cursor=${encodeCursor(position, scope)}`)
      expect([200, 400, 404]).toContain(status)
      for (const row of (json['changes'] ?? []) as Record<string, string>[]) expect(row['machineId']).toBe('7f00')
    }
  })

  const ENDS = { from: '20260530T020000Z', to: '20260613T020000Z' }
  /** Routes with ids in their cursors: path, scope of the cursor, and the rest of the position. */
  const PAGED: [path: string, scope: string[], position: object][] = [
    ['machines', ['machines', TENANT], {}],
    ['diffs', ['diffs', TENANT], { ...ENDS, kbId: '0' }],
    ['kbs/5094127/machines', ['kbMachines', TENANT, '["kbId","5094127"]'], {}],
    ['snapshots/20260606T020000Z/sample', ['snapshotSample', TENANT, '["snapshotId","20260606T020000Z"]'], {}],
    ['snapshots/20260606T020000Z/unknown', ['snapshotUnknown', TENANT, '["snapshotId","20260606T020000Z"]'], {}],
  ]

  it.each(PAGED)('in the cursor of %s, a machine id that no machine can have is refused', async (path, scope, position) => {
    const call = (machineId: unknown) => api.call(`/api/${path}?cursor=${encodeCursor({ ...position, machineId }, scope)}`)
    expect(await call('0a')).toMatchObject({ status: 200 })
    for (const machineId of ['\ud800', 'a\udfff', '', '0A', "'", '0a|', 'a'.repeat(101), 7, null]) {
      expect(await call(machineId), JSON.stringify(machineId)).toMatchObject({ status: 400, json: { parameter: 'cursor' } })
    }
  })

  it.each([
    ['kbs', ['kbs', TENANT], {}],
    ['diffs', ['diffs', TENANT], { ...ENDS, machineId: '0a' }],
  ])('in the cursor of %s, a KB id that no answer can have is refused, and every other one is taken', async (path, scope, position) => {
    const call = (kbId: unknown) => api.call(`/api/${path}?cursor=${encodeCursor({ ...position, kbId }, scope)}`)
    for (const kbId of ['5094127', "O'Brien", 'KB 1/2', 'ü'.repeat(100), '\u202e', '\ud800']) {
      expect(await call(kbId), JSON.stringify(kbId)).toMatchObject({ status: 200 })
    }
    for (const kbId of ['\0', 'a\nb', '', 'a'.repeat(101), 7]) {
      expect(await call(kbId), JSON.stringify(kbId)).toMatchObject({ status: 400, json: { parameter: 'cursor' } })
    }
  })

  it('has caused no failure', () => {
    expect(outside.lines).toEqual([])
  })
})
