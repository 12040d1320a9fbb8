import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FeedRow } from '../../src/feed/filter/value.ts'
import { FEED_POLICY } from '../../src/feed/read/policy.ts'
import { ROOT, sorted } from './feed.ts'
import type { History } from './history.ts'
import { startHistoryFeed } from './history-feed.ts'

let feed: Awaited<ReturnType<typeof startHistoryFeed>>['feed']
let history: History
let missing: FeedRow[]
let changes: FeedRow[]

beforeAll(async () => {
  ;({ feed, history } = await startHistoryFeed())
  missing = history.rows.MissingKbs
  changes = history.rows.Changes
})
afterAll(() => feed.service.close())

const value = async (path: string) => (await feed.rows(path)).rows

describe('$filter', () => {
  const open = (row: FeedRow) => row['isOpen'] === true
  it.each<[string, string, (row: FeedRow) => boolean]>([
    ['MissingKbs', 'isOpen', open],
    ['MissingKbs', 'isOpen eq false', (row) => !open(row)],
    ['MissingKbs', 'not isOpen and daysMissing gt 1', (row) => !open(row) && Number(row['daysMissing']) > 1],
    [
      'MissingKbs',
      "resolvedReason eq 'superseded' or reason eq 'baseline'",
      (row) => row['resolvedReason'] === 'superseded' || row['reason'] === 'baseline',
    ],
    ['MissingKbs', 'resolvedAt eq null', open],
    ['MissingKbs', 'resolvedAt ne null', (row) => !open(row)],
    [
      'MissingKbs',
      'firstMissingAt ge 2026-06-01T00:00:00+02:00',
      (row) => Date.parse(String(row['firstMissingAt'])) >= Date.parse('2026-06-01T00:00:00+02:00'),
    ],
    ['MissingKbs', "contains(replacedBy,'6000002')", (row) => String(row['replacedBy']).includes('6000002')],
    ['MissingKbs', "kbId eq 'it''s'", (row) => row['kbId'] === "it's"],
    ['MissingKbs', "kbId in ('it''s','KB 1/2')", (row) => ["it's", 'KB 1/2'].includes(String(row['kbId']))],
    ['MissingKbs', "startswith(kbId,'50') and endswith(kbId,'7')", (row) => /^50.*7$/.test(String(row['kbId']))],
    [
      'Changes',
      'at ge 2026-05-31T00:00:00Z and at lt 2026-06-02T00:00:00Z',
      (row) => String(row['at']) >= '2026-05-31' && String(row['at']) < '2026-06-02',
    ],
    ['Changes', 'at gt 2026-05-31T02:00:00Z', (row) => String(row['at']) > '2026-05-31T02:00:00Z'],
    ['Changes', 'at le 2026-05-31T02:00:00.0000000Z', (row) => String(row['at']) <= '2026-05-31T02:00:00Z'],
    [
      'Changes',
      "at le 9999-12-31T23:59:59-01:00 and at ge 0000-01-01T00:00:00+14:00 and change eq 'resolved'",
      (row) => row['change'] === 'resolved',
    ],
    ['Changes', 'at gt 2026-05-31T02:00:00.5Z', (row) => String(row['at']) > '2026-05-31T02:00:00Z'],
    ['Changes', "snapshotId eq '20260531T020000Z'", (row) => row['snapshotId'] === '20260531T020000Z'],
    [
      'Changes',
      "snapshotId in ('20260530T020000Z','20260602T020000Z')",
      (row) => ['20260530T020000Z', '20260602T020000Z'].includes(String(row['snapshotId'])),
    ],
    ['Changes', "snapshotId eq 'nonsense'", () => false],
    [
      'Changes',
      "daysMissing ge 1 and not (change eq 'appeared')",
      (row) => Number(row['daysMissing']) >= 1 && row['change'] !== 'appeared',
    ],
    [
      'KbTotals',
      'at eq 2026-06-01T02:00:00Z and appeared gt 2',
      (row) => row['snapshotId'] === '20260601T020000Z' && Number(row['appeared']) > 2,
    ],
    ['KbTotals', "kbId eq 'ü#?'", (row) => row['kbId'] === 'ü#?'],
    ['Trends', 'at ge 2026-06-01 and installed gt 2', (row) => String(row['at']) >= '2026-06-01' && Number(row['installed']) > 2],
    [
      'TrendsByGroup',
      "day gt '20260530' and rbacGroupName eq 'Servers'",
      (row) => String(row['day']) > '20260530' && row['rbacGroupName'] === 'Servers',
    ],
    ['TrendsByGroup', 'rbacGroupName eq null', (row) => row['rbacGroupName'] === null],
    ['Cohorts', "cohort eq '202605' and opened gt 7", (row) => row['cohort'] === '202605' && Number(row['opened']) > 7],
    ['Gaps', "isOpen and kind eq 'unknown'", (row) => row['isOpen'] === true && row['kind'] === 'unknown'],
    ['Gaps', "code eq 'it''s 404' or to lt 2026-06-01", (row) => row['code'] === "it's 404" || String(row['to'] ?? '9') < '2026-06-01'],
    ['Snapshots', 'coverage eq 1.0 and startedAt lt 2026-06-01', (row) => String(row['startedAt']) < '2026-06-01'],
    ['Snapshots', "status ne 'failed'", (row) => row['status'] !== 'failed'],
    ['Machines', "rbacGroupName eq 'Kids'' PCs'", (row) => row['rbacGroupName'] === "Kids' PCs"],
    ['Machines', 'rbacGroupName eq null', (row) => row['rbacGroupName'] === null],
    [
      'Machines',
      'lastSeen ge 2026-05-30T02:00:00.5Z',
      (row) => Date.parse(String(row['lastSeen'])) >= Date.parse('2026-05-30T02:00:00.5Z'),
    ],
    ['Kbs', "kbId ge '5000037' and kbId lt '6'", (row) => String(row['kbId']) >= '5000037' && String(row['kbId']) < '6'],
  ])('%s?$filter=%s', async (set, filter, test) => {
    const expected = history.rows[set as keyof History['rows']].filter(test)
    if (!filter.includes('nonsense')) expect(expected.length).toBeGreaterThan(0)
    expect(expected.length).toBeLessThan(history.rows[set as keyof History['rows']].length)
    expect(sorted(await value(`/${set}?$filter=${filter}`))).toEqual(sorted(expected))
    expect(Number((await feed.get(`/${set}/$count?$filter=${filter}`)).text)).toBe(expected.length)
  })

  it('is read in every encoding: of the name, of spaces, of offsets', async () => {
    const expected = sorted(changes.filter((row) => String(row['at']) >= '2026-06-01'))
    for (const query of [
      '$filter=at ge 2026-06-01T02:00:00%2B02:00',
      '%24filter=at%20ge%202026-06-01T02%3A00%3A00%2B02%3A00',
      '$filter=at+ge+2026-06-01T02:00:00%2b02:00',
      '$filter=at+ge+2026-06-01T02:00:00+02:00',
      '%24filter=at ge 2026-06-01T02:00:00.0Z&%24select=*',
    ]) {
      expect(sorted((await feed.rows(`${ROOT}/Changes?${query}`)).rows), query).toEqual(expected)
    }
  })

  it.each(['machineId', 'snapshotId', 'some snapshots', 'at'])(
    'on %s reads the partitions that hold it, and no others',
    async (property) => {
      const {
        machineId = '',
        snapshotId = '',
        at = '',
      } = changes.find((row) => row['snapshotId'] === history.snapshotIds[1]) as Record<string, string>
      const condition =
        {
          machineId: `machineId eq '${machineId}'`,
          snapshotId: `snapshotId eq '${snapshotId}'`,
          'some snapshots': `snapshotId in ('${history.snapshotIds[3]}','${history.snapshotIds[5]}')`,
          at: `at ge ${at} and at lt 2026-06-01T00:00:00Z`,
        }[property] ?? ''
      const set = property === 'machineId' ? 'MissingKbs' : 'Changes'
      const before = feed.service.counts().rowsReturned
      const rows = await value(`/${set}?$filter=${condition}`)
      const read = feed.service.counts().rowsReturned - before
      expect(rows.length).toBeGreaterThan(0)
      // Besides: the tenant, the newest snapshot, the snapshots of the range, a state row.
      expect(read).toBeLessThanOrEqual(rows.length + 6)
    },
  )
})

describe('$select, $orderby, $top, $skip, $count', () => {
  it('$select gives those properties, and says so in the context', async () => {
    const { json } = await feed.get('/MissingKbs?$select=isOpen, machineId,isOpen&$top=2')
    expect(json['@odata.context']).toBe(`${ROOT}/$metadata#MissingKbs(machineId,isOpen)`)
    expect(json.value.map((row) => Object.keys(row))).toEqual([
      ['machineId', 'isOpen'],
      ['machineId', 'isOpen'],
    ])
    expect((await feed.get('/Kbs?$select=*')).json['@odata.context']).toBe(`${ROOT}/$metadata#Kbs`)
  })

  it.each([
    ['Machines', 'computerDnsName', ['computerDnsName', 'machineId']],
    ['Machines', 'computerDnsName desc,machineId', ['-computerDnsName', 'machineId']],
    ['MissingKbs', 'daysMissing desc, machineId desc,kbId', ['-daysMissing', '-machineId', 'kbId']],
    ['Machines', 'lastSeen desc', ['-lastSeen']],
    ['Changes', 'at', ['at']],
    ['Changes', 'at desc,machineId,kbId desc', ['-at', 'machineId', '-kbId']],
    ['Snapshots', 'startedAt desc', ['-startedAt']],
    ['MissingKbs', 'isOpen,resolvedAt', ['isOpen', 'resolvedAt']],
    ['Kbs', 'kbId', ['kbId']],
    ['Changes', 'snapshotId,machineId,kbId', ['snapshotId', 'machineId', 'kbId']],
    ['MissingKbs', 'machineId,kbId', ['machineId', 'kbId']],
  ])('%s?$orderby=%s is in that order', async (set, orderBy, keys) => {
    const rows = await value(`/${set}?$orderby=${orderBy}`)
    expect(sorted(rows)).toEqual(sorted(history.rows[set as keyof History['rows']]))
    for (const [index, row] of rows.slice(1).entries()) expect(inOrder(rows[index] ?? {}, row, keys), `${index}`).toBe(true)
    const some = await value(`/${set}?$orderby=${orderBy}&$skip=2&$top=3`)
    expect(some).toEqual(rows.slice(2, 5))
  })

  it('$top and $skip hold across pages of any size', async () => {
    const all = await value('/MissingKbs')
    for (const [top, skip, size] of [
      [7, 0, 3],
      [7, 5, 7],
      [1, 0, 1],
      [0, 0, 5],
      [1000, 3, 40],
      [10, all.length - 4, 3],
      [10, all.length + 10, 3],
    ] as const) {
      const { rows, pages } = await feed.rows(`/MissingKbs?$top=${top}&$skip=${skip}`, { prefer: `odata.maxpagesize=${size}` })
      const expected = all.slice(skip, skip + top)
      expect(rows).toEqual(expected)
      expect(pages).toBe(Math.max(1, Math.ceil(expected.length / size)))
    }
  })

  it('$count counts all that the filter takes, on every page alike', async () => {
    const { replies } = await feed.rows('/MissingKbs?$count=true&$filter=isOpen&$top=5', { prefer: 'odata.maxpagesize=2' })
    expect(replies.map(({ json }) => json['@odata.count'])).toEqual(Array(3).fill(missing.filter((row) => row['isOpen']).length))
    expect(Object.keys(replies[0]?.json ?? {})).toEqual(['@odata.context', '@odata.count', 'value', '@odata.nextLink'])
    expect((await feed.get('/Kbs?$count=false')).json).not.toHaveProperty(['@odata.count'])
    expect((await feed.get('/Kbs?$count=true&$orderby=kbName desc&$top=0')).json).toMatchObject({
      '@odata.count': history.kbIds.length,
      value: [],
    })
  })

  it.each([
    '$top=-1',
    '$top=x',
    '$top=1.5',
    '$top=',
    '$skip=-1',
    '$skip=99999999999',
    '$count=yes',
    '$count=TRUE',
    '$select=',
    '$select=nothing',
    '$select=machineId,,kbId',
    '$orderby=',
    '$orderby=nothing',
    '$orderby=kbId up',
    '$orderby=kbId add',
    '$orderby=eq kbId',
    '$orderby=not',
    '$orderby=kbId asc desc',
    '$orderby=kbId,',
    '$filter=',
    '$filter=kbId',
    '$filter=nothing eq 1',
    "$filter=kbId eq 'a",
    '$foo=1',
    'foo=1',
    '$Filter=isOpen',
    '$TOP=1',
    'filter=isOpen',
    '$top=1&$top=1',
    '$top=1&%24top=2',
    '$skiptoken=x',
    '$skiptoken=',
    'tenantId=x&tenantId=y',
  ])('?%s is 400', async (query) => {
    const { status, json } = await feed.get(`${ROOT}/MissingKbs?${query}`)
    expect([status, typeof json.error?.message]).toEqual([400, 'string'])
  })

  it.each([
    '$expand=x',
    '$apply=aggregate($count as n)',
    '$search=x',
    '$compute=1 as x',
    '$deltatoken=x',
    '@p=1',
    '$filter=cast(kbId,Edm.Int32) eq 1',
    '$filter=daysMissing divby 1 eq 2',
    '$orderby=length(kbId)',
    '$orderby=daysMissing add 1',
    '$orderby=kbId,isOpen eq true desc',
    '$orderby=-daysMissing desc',
    '$orderby=not isOpen',
    '$orderby=$it/kbId',
    '$select=a/b',
    '$filter=cast(daysMissing,Edm.Double) eq 1',
    "$filter=kbId/any(d:d eq 'x')",
  ])('?%s is 501', async (query) => {
    const { status, json } = await feed.get(`/MissingKbs?${query}`)
    expect([status, json.error?.code]).toEqual([501, 'NotImplemented'])
  })

  it.each(['/?$top=1', '/$metadata?$filter=isOpen', "/Kbs('a')?$filter=isOpen", '/Kbs/$count?$top=1'])(
    '%s is refused: the option does not go there',
    async (path) => {
      expect((await feed.get(path)).status).toBe(400)
    },
  )

  it('what is too much to sort or to count is refused, and says how to narrow it', async () => {
    const policy = FEED_POLICY as { sortedRows: number; requestsPerWholeRead: number }
    const standard = { ...policy }
    const expectRefusal = async (path: string, limit: string) => {
      const { status, json } = await feed.get(path)
      expect([status, json.error]).toEqual([
        501,
        { code: 'TooManyRows', message: `${limit} at most, and would need more here; narrow the request by keys or by time.` },
      ])
    }
    try {
      policy.sortedRows = 100
      await expectRefusal('/MissingKbs?$orderby=daysMissing', 'Sorting looks at 100 rows')
      for (const path of ['/MissingKbs/$count', '/MissingKbs?$count=true', '/MissingKbs?$orderby=machineId'])
        expect((await feed.get(path)).status, path).toBe(200)
      Object.assign(policy, { ...standard, requestsPerWholeRead: 2 })
      await expectRefusal('/Changes?$orderby=reason', 'Sorting makes 2 requests to the storage')
      for (const path of ['/Changes/$count', '/Changes?$count=true']) await expectRefusal(path, 'Counting makes 2 requests to the storage')
    } finally {
      Object.assign(policy, standard)
    }
  })
})

/** Whether two rows may follow each other, by properties of which `-` turns the order. null comes first. */
function inOrder(a: FeedRow, b: FeedRow, keys: readonly string[]): boolean {
  for (const key of keys) {
    const name = key.replace('-', '')
    const [left, right] = (key.startsWith('-') ? [b[name], a[name]] : [a[name], b[name]]).map((item) => item ?? null)
    if (left === right) continue
    if (left === null || right === null) return left === null
    return String(left) === left ? left < String(right) : Number(left) < Number(right)
  }
  return true
}
