import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import { routes } from '../../src/http/routes/route-list.ts'
import { type Api, TENANT } from '../support/api.ts'
import { playHistory } from '../support/history-model.ts'
import { apiOver, SECOND, WEEKS } from './weeks.ts'

let service: RunningTableService
let api: Api
/** Two KBs that differ in nothing but KB before their digits, and one that has it and no other. */
let odd: Api

beforeAll(async () => {
  service = await startTableService()
  ;({ api } = await apiOver(service, 'i1x', WEEKS))
  const history = playHistory(
    ['0a', '7f00'],
    [
      [['77', 'KB88'], ['KB77']],
      [
        ['77', 'KB88'],
        ['KB77', 'KB88'],
      ],
    ],
  )
  ;({ api: odd } = await apiOver(service, 'i2x', history))
})
afterAll(() => service.close())

/** An id as answers have it, and as people and other tools spell it. */
const SPELLINGS: Record<string, [id: string, ...others: string[]]> = {
  kbId: ['5094127', 'KB5094127', 'kb5094127', 'Kb5094127', 'KB 5094127'],
  machineId: ['0a', '0A'],
  snapshotId: [SECOND, SECOND.toLowerCase()],
  from: [SECOND, SECOND.toLowerCase()],
  to: [SECOND, SECOND.toLowerCase()],
  at: [SECOND, SECOND.toLowerCase()],
  tenantId: [TENANT, TENANT.toUpperCase()],
}
const LATEST: typeof SPELLINGS = { snapshotId: ['latest', 'LATEST'], to: ['latest', 'Latest'], at: ['latest', 'LATEST'] }

const asked = [SPELLINGS, LATEST].flatMap((spellings) =>
  routes.flatMap((route) =>
    [...Object.keys(route.params.shape), ...Object.keys(route.query.shape)].flatMap((name) => {
      const [id, ...others] = spellings[name] ?? []
      return id === undefined ? [] : [[route.name, name, { route, id, others }] as const]
    }),
  ),
)

const address = (path: string, name: string, text: string) => {
  const ids: Record<string, string> = { kbId: '5094127', machineId: '0a', snapshotId: SECOND, month: '202606', [name]: text }
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(ids[key] ?? ''))
  const range = path === 'diffs' && name !== 'from' && name !== 'to' ? '&from=2026-05-30&mode=events' : ''
  const required = path === 'search' ? '&q=50' : ''
  return `/api/${filled}?${path.includes(`{${name}}`) ? '' : `${name}=${encodeURIComponent(text)}`}${range}${required}`
}

/** Without what repeats the question. */
const answerOf = ({ status, json: { nextLink: _nextLink, detail: _detail, ...json } }: Awaited<ReturnType<Api['call']>>) => [status, json]

describe('ids that are asked for', () => {
  it.each(asked.filter(([, , { route }]) => route.method === 'GET'))(
    'of %s, %s in any spelling is the same',
    async (_route, name, { route, id, others }) => {
      const answer = await api.call(address(route.path, name, id))
      if (name === 'kbId' && route.name !== 'kbTrend') expect(JSON.stringify(answer.json)).toContain('5094127')
      for (const other of others) expect(answerOf(await api.call(address(route.path, name, other))), other).toEqual(answerOf(answer))
    },
  )

  it('reach every KB that is stored, as it is spelt before as it may be meant', async () => {
    for (const [spelt, found] of [
      ['77', '77'],
      ['KB77', 'KB77'],
      ['kb77', 'KB77'],
      ['KB 77', 'KB77'],
      ['KB88', 'KB88'],
      ['88', 'KB88'],
      ['kb88', 'KB88'],
    ]) {
      expect((await odd.call(`/api/kbs/${spelt}/machines`)).json, spelt).toMatchObject({ kbId: found })
      expect((await odd.call(`/api/kbs/${spelt}`)).json, spelt).toMatchObject({ kbId: found })
    }
    for (const spelt of ['KB88a', 'KB88 ', 'KBKB88', 'K88']) expect((await odd.call(`/api/kbs/${spelt}/machines`)).status, spelt).toBe(404)
  })

  it('filter a diff by all KBs that may be meant', async () => {
    const kbIds = async (kbId: string) => {
      const { json } = await odd.call(`/api/diffs?from=2026-05-30&mode=events&kbId=${kbId}`)
      return (json['changes'] as { kbId: string }[]).map((change) => change.kbId)
    }
    expect(await kbIds('88')).toEqual(['KB88'])
    expect(await kbIds('KB88')).toEqual(['KB88'])
    const { json } = await odd.call('/api/diffs?from=2026-05-30&mode=events&kbId=99')
    expect(json['changes']).toEqual([])
  })

  it('are found by their beginning, with KB or without', async () => {
    const found = async (q: string) => ((await odd.call(`/api/search?q=${q}`)).json['kbs'] as { kbId: string }[]).map(({ kbId }) => kbId)
    expect(await found('KB77')).toEqual(['77', 'KB77'])
    expect(await found('KB8')).toEqual(['KB88'])
    expect(await found('77')).toEqual(['77', 'KB77'])
    expect(await found('kb 8')).toEqual(['KB88'])
    expect(await found('88')).toEqual(['KB88'])
  })
})
