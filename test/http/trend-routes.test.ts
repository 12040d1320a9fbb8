import { beforeAll, afterAll, describe, expect, it } from 'vitest'
import { type Api, apiOf } from '../support/api.ts'
import { finish, idOf, kbOf, machineOf, faultOf, type ScriptedWorld, START, startScriptedWorld } from '../support/scripted-world.ts'
import { readCsv } from '../support/read-csv.ts'

const DAY = 86_400_000
const DAYS = 5

let world: ScriptedWorld
let api: Api
let close: () => Promise<void> = async () => undefined

const NAMES = ['SRV-1.corp', 'ws-2.corp', 'ws-3.corp', null]
const GROUPS = ['Servers', 'Workstations', 'Workstations', null]

/** Five days: machine 0 patches on the third, machine 3 gives no answer on the last, machine 2 misses most. */
async function takeDays(): Promise<void> {
  for (let day = 0; day < DAYS; day++) {
    const at = START + day * DAY
    world.script.machines = NAMES.map((computerDnsName, index) =>
      machineOf(index, { computerDnsName, rbacGroupName: GROUPS[index] ?? null, lastSeen: new Date(at - 3_600_000).toISOString() }),
    )
    world.script.kbs.set(idOf(0), day < 2 ? [kbOf('5001')] : [])
    world.script.kbs.set(idOf(1), [kbOf('5001')])
    world.script.kbs.set(idOf(2), [kbOf('5001'), kbOf('5002'), ...(day > 0 ? [{ ...kbOf('5003'), productsNames: ['office'] }] : [])])
    world.script.kbs.set(idOf(3), [kbOf('5002')])
    world.script.missingKbs = (machineId) => (day === DAYS - 1 && machineId === idOf(3) ? faultOf('transient', 404) : undefined)
    await world.begin(at)
    await finish(world.services, world.clock)
  }
}

beforeAll(async () => {
  world = await startScriptedWorld({}, {}, (end) => (close = end))
  api = apiOf({ kind: 'ready', services: world.services, outside: world.services.outside, reported: true })
  await takeDays()
})
afterAll(() => close())

const get = async (path: string) => (await api.call(`/api/${path}`)).json
const dayId = (day: number) => `2026030${2 + day}T015800Z`

describe('overview', () => {
  it('shows at a glance how things stand', async () => {
    const overview = await get('overview')
    expect(overview).toMatchObject({
      asOf: { snapshotId: dayId(4), status: 'incomplete', coverage: 0.75 },
      status: 'ok',
      complete: true,
      since: '2026-03-02T01:58:00Z',
      totals: { pairs: 5, ages: [5, 0, 0, 0, 0], atLeast: 4, machines: 3, kbs: 3 },
      comparedWith: { snapshotId: dayId(3) },
      delta: { pairs: 0, machines: 0, kbs: 0 },
      flows: { appeared: { baseline: 0 }, resolved: { installed: 0 } },
      timeToPatch: { n: 1, p50: 2, resolutionDays: 1, stillMissing: { n: 5, over: { p50: 5, p90: 5 } }, installedWithin: { days: 30 } },
      trend: { grain: 'snapshot' },
      groups: [{ key: 'Workstations' }, { key: null, unknown: 1, coverage: 0 }, { key: 'Servers' }],
      worstKbs: [{ kbId: '5001', machinesMissing: 2 }, { kbId: '5002' }, { kbId: '5003' }],
      oldestMachines: [{ computerDnsName: 'ws-3.corp', missing: 3, daysExposed: 4, exposedAtLeast: true }, {}, {}],
      unknown: { count: 1, sample: [{ machineId: idOf(3), state: 'unknown', code: 'http404', lastObservedSnapshotId: dayId(3) }] },
      budget: { minute: { limit: 100_000 }, hour: { limit: 1_000_000 } },
    })
    expect(overview['running']).toBeUndefined()
  })

  it('answers 304 as long as nothing has changed, and tells of the snapshot under way', async () => {
    const { headers } = await api.call('/api/overview')
    const etag = headers.get('etag') ?? ''
    for (const named of [etag, `"x", ${etag}`, etag.slice(2), '*']) {
      const reply = await api.call('/api/overview', { headers: { 'if-none-match': named } })
      expect(reply).toMatchObject({ status: 304, text: '' })
      expect(reply.headers.get('etag')).toBe(etag)
    }
    expect((await api.call('/api/overview', { headers: { 'if-none-match': 'W/"another"' } })).status).toBe(200)
    const another = await startScriptedWorld()
    const own = apiOf({ kind: 'ready', services: another.services, outside: another.services.outside, reported: true })
    expect((await own.call('/api/overview')).status).toBe(404)
    another.script.machines = [machineOf(1)]
    await another.snapshot(START)
    const before = (await own.call('/api/overview')).headers.get('etag') ?? ''
    const snapshotId = await another.begin(START + DAY)
    const reply = await own.call('/api/overview', { headers: { 'if-none-match': before } })
    expect(reply).toMatchObject({ status: 200, json: { asOf: { snapshotId: dayId(0) }, running: { snapshotId, status: 'pending' } } })
  })
})

describe('trends', () => {
  it('are by snapshot, or coarser, and may be those of a group', async () => {
    expect(await get('trends')).toMatchObject({
      grain: 'snapshot',
      points: Array.from({ length: DAYS }, (_, day) => ({ snapshotId: dayId(day) })),
    })
    const { points } = (await get('trends?grain=week')) as { points: Record<string, unknown>[] }
    expect(points).toMatchObject([
      { snapshotId: dayId(4), resolved: { installed: 1 }, appeared: { baseline: 5, new: 1 }, asked: 4, unknown: 1 },
    ])
    expect(await get('trends?rbacGroup=Servers')).toMatchObject({
      grain: 'day',
      since: '2026-03-02T01:58:00Z',
      points: [{ pairs: [1, 0, 0, 0, 0] }, {}, { pairs: [0, 0, 0, 0, 0], resolved: { installed: 1 } }, {}, {}],
    })
    expect(await get('trends?rbacGroup=')).toMatchObject({ points: [{}, {}, {}, {}, { unknown: 1, coverage: 0, pairs: [1, 0, 0, 0, 0] }] })
  })

  it('end at a moment, and begin where it is said', async () => {
    const ids = async (parameters: string) =>
      ((await get(`trends?${parameters}`))['points'] as { snapshotId: string }[]).map(({ snapshotId }) => snapshotId)
    expect(await ids('from=2026-03-03&to=2026-03-04')).toEqual([dayId(1), dayId(2)])
    expect(await ids('from=-1d')).toEqual([dayId(3), dayId(4)])
    expect(await ids(`from=${dayId(2)}&to=previous`)).toEqual([dayId(2), dayId(3)])
    expect(await ids('from=1999-01-01&grain=day')).toHaveLength(DAYS)
    expect(await ids('from=latest')).toEqual([dayId(4)])
    for (const letterCase of ['toUpperCase', 'toLowerCase'] as const)
      expect(await ids(`from=${'2026-03-03T01:58:01Z'[letterCase]()}&to=2026-03-04T00:00:00Z&grain=day`)).toEqual([])
  })

  it.each([
    ['trends?from=previous', 'from'],
    ['trends?from=2026-03-05&to=2026-03-03', 'from'],
    ['trends?grain=hour', 'grain'],
    ['trends?grain=snapshot&rbacGroup=Servers', 'grain'],
    ['cohorts?months=13', 'months'],
    ['cohorts/202613', 'month'],
    ['groups?month=2026', 'month'],
    ['groups?months=2&month=202603', 'months'],
    ['time-to-patch?reason=new', 'reason'],
    ['time-to-patch?days=366', 'days'],
    ['search?q=a', 'q'],
    ['search?q=ws&limit=51', 'limit'],
    ['machines?sort=name', 'sort'],
  ])('are refused for %s, by name', async (path, parameter) => {
    expect(await api.call(`/api/${path}`)).toMatchObject({ status: 400, json: { parameter } })
  })

  it('do not take a group that there is not for one that misses nothing', async () => {
    expect(await api.call('/api/trends?rbacGroup=servers')).toMatchObject({ status: 404, json: { parameter: 'rbacGroup' } })
    expect(await api.call('/api/time-to-patch?rbacGroup=servers')).toMatchObject({ status: 404, json: { parameter: 'rbacGroup' } })
  })
})

describe('cohorts, groups and KBs', () => {
  it('tell what became of a Patch Tuesday', async () => {
    const { cohorts } = (await get('cohorts')) as { cohorts: Record<string, unknown>[] }
    expect(cohorts).toMatchObject([{ cohort: '202602', patchTuesday: '2026-02-10T17:00:00.000Z', opened: 6, kbs: 3, daysToHalf: null }])
    expect(await get('cohorts/2026-02')).toMatchObject({ cohort: '202602', points: cohorts[0]?.['points'] })
    expect(await api.call('/api/cohorts/202601')).toMatchObject({ status: 404, json: { parameter: 'month' } })
  })

  it('tell what groups, and platforms, stand at', async () => {
    expect(await get('groups?months=2')).toMatchObject({
      by: 'rbacGroup',
      months: ['202602', '202603'],
      groups: [
        {
          key: 'Workstations',
          asked: 2,
          pairs: [4, 0, 0, 0, 0],
          cells: [{ month: '202603', pairs: 4, over30: 0, machines: 2, installed: 0 }],
        },
        { key: null, unknown: 1, pairs: [1, 0, 0, 0, 0] },
        { key: 'Servers', pairs: [0, 0, 0, 0, 0], cells: [{ installed: 1 }] },
      ],
    })
    expect(await get('groups?by=osPlatform&month=202603')).toMatchObject({ groups: [{ key: 'Windows11', asked: 4 }] })
  })

  it('tell what became of one KB', async () => {
    expect(await get('kbs/5001')).toMatchObject({
      kbId: '5001',
      cohort: '202602',
      machinesMissing: 2,
      outcomes: { opened: 3, missing: 2, installed: 1 },
    })
    expect(await get('kbs/5001/trend')).toMatchObject({
      points: [
        { snapshotId: dayId(0), missing: 3, appeared: 3 },
        { snapshotId: dayId(2), missing: 2, appeared: 0, resolved: { installed: 1 }, cumulative: { opened: 3, installed: 1 } },
      ],
    })
    expect((await api.call('/api/kbs/9999')).status).toBe(404)
    expect((await api.call('/api/kbs/9999/trend')).status).toBe(404)
  })
})

describe('machines, search and status', () => {
  const names = ({ machines }: Record<string, unknown>) =>
    (machines as { computerDnsName: string | null }[]).map((one) => one.computerDnsName)

  it('list those exposed for longest, those that miss most, those that are unknown', async () => {
    expect(await get('machines?sort=missing')).toMatchObject({
      asOf: { snapshotId: dayId(4) },
      complete: true,
      machines: [{ missing: 3 }, {}, {}],
    })
    expect(names(await get('machines?sort=oldest'))[0]).toBe('ws-3.corp')
    expect(names(await get('machines?sort=unknownSince'))).toEqual([null])
    expect(names(await get('machines?sort=missing&q=WS-2'))).toEqual(['ws-2.corp'])
  })

  it('list them in pages of one list, and of none that was counted since', async () => {
    const all: unknown[] = []
    let next: string | undefined = '/api/machines?sort=missing&limit=1'
    for (let pages = 0; next !== undefined && pages < 9; pages++) {
      const { json } = await api.call(next)
      all.push(...(json['machines'] as unknown[]))
      next = json['nextLink'] as string | undefined
    }
    expect(all).toEqual((await get('machines?sort=missing'))['machines'])
    const another = await startScriptedWorld()
    const own = apiOf({ kind: 'ready', services: another.services, outside: another.services.outside, reported: true })
    another.script.machines = [machineOf(1), machineOf(2)]
    for (const index of [1, 2]) another.script.kbs.set(idOf(index), [kbOf('5001')])
    await another.snapshot(START)
    const { nextLink } = (await own.call('/api/machines?sort=oldest&limit=1')).json
    expect((await own.call(String(nextLink))).json['machines']).toMatchObject([{ machineId: idOf(2) }])
    await another.snapshot(START + DAY)
    expect(await own.call(String(nextLink))).toMatchObject({ status: 400, json: { parameter: 'cursor' } })
  })

  it('list those of a group, a platform, a state or a name', async () => {
    expect(names(await get('machines?rbacGroup=Workstations'))).toEqual(['ws-2.corp', 'ws-3.corp'])
    expect(names(await get('machines?rbacGroup='))).toEqual([null])
    expect(names(await get('machines?q=srv'))).toEqual(['SRV-1.corp'])
    expect(names(await get('machines?state=unknown'))).toEqual([null])
    expect(names(await get('machines?osPlatform=Windows10'))).toEqual([])
    const first = await get('machines?rbacGroup=Workstations&limit=1')
    expect(names(first)).toEqual(['ws-2.corp'])
    expect(names((await api.call(String(first['nextLink']))).json)).toEqual(['ws-3.corp'])
  })

  it('say what is missing where a parameter has to be given', async () => {
    expect(await get('search')).toMatchObject({
      parameter: 'q',
      detail: 'q must be a text of 2 to 100 characters, not counting blanks at its ends, without control characters; it is missing.',
    })
  })

  it('find machines and KBs by their beginning', async () => {
    expect(await get('search?q=WS-')).toMatchObject({
      machines: [{ computerDnsName: 'ws-2.corp' }, { computerDnsName: 'ws-3.corp' }],
      kbs: [],
    })
    expect(await get('search?q=KB50&limit=2')).toMatchObject({ machines: [], kbs: [{ kbId: '5001' }, { kbId: '5002' }] })
    expect((await get(`search?q=${idOf(3).toUpperCase()}`))['machines']).toEqual([{ machineId: idOf(3), computerDnsName: null }])
  })

  it('say how the app stands', async () => {
    expect(await get('status')).toMatchObject({
      status: 'ok',
      asOf: { snapshotId: dayId(4) },
      nextStartAt: '2027-01-01T00:00:00.000Z',
      budget: { minute: { used: expect.any(Number) as number, limit: 100_000 }, hour: { used: expect.any(Number) as number } },
      notBefore: null,
    })
  })
})

describe('lists of trends in other formats', () => {
  it.each([
    ['trends', 'points', DAYS],
    ['kbs/5001/trend', 'points', 2],
    ['cohorts', 'cohorts', DAYS],
    ['groups', 'groups', 3],
  ] as const)('%s are tables, lines and files', async (path, _rows, count) => {
    const [header = [], ...records] = readCsv((await api.call(`/api/${path}?format=csv`)).text)
    expect(records).toHaveLength(count)
    const lines = (await api.call(`/api/${path}?format=ndjson`)).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(lines).toHaveLength(count)
    for (const [index, line] of lines.entries()) {
      for (const [name, value] of Object.entries(line)) {
        if (typeof value === 'number') expect(records[index]?.[header.indexOf(name)], name).toBe(String(value))
        if (Array.isArray(value)) expect(records[index]?.[header.indexOf(name)], name).toBe(value.join('; '))
      }
    }
    const file = await api.call(`/api/${path}?format=excel`)
    expect(file.headers.get('content-disposition')).toContain('attachment')
  })
})
