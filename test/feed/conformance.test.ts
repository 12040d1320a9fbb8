import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openTenant } from '../../src/open-tenant.ts'
import type { FeedRow } from '../../src/feed/filter/bind-filter.ts'
import { entitySets } from '../../src/feed/index.ts'
import { FEED_POLICY } from '../../src/feed/read/policy.ts'
import { TENANT } from '../support/api.ts'
import { POWER_QUERY_HEADERS, ROOT, sorted, startFeed } from './feed.ts'
import { type History, writeHistory } from './history.ts'

let feed: Awaited<ReturnType<typeof startFeed>>
let history: History
let missing: FeedRow[]
let changes: FeedRow[]

beforeAll(async () => {
  feed = await startFeed()
  history = await writeHistory(openTenant(feed.services).store, TENANT, { snapshots: 6 })
  missing = history.rows.MissingKbs
  changes = history.rows.Changes
})
afterAll(() => feed.service.close())

const JSON_TYPE = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'
const value = async (path: string) => (await feed.rows(path)).rows

describe('addresses', () => {
  it.each(['', '/', '?code=key', '/?code=key'])('the service document is at %s', async (path) => {
    const { status, headers, json } = await feed.get(path)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe(JSON_TYPE)
    expect(Object.keys(json)[0]).toBe('@odata.context')
    expect(json['@odata.context']).toBe(`${ROOT}/$metadata`)
    expect(json.value).toHaveLength(entitySets.length)
  })

  it.each(['*/*', 'application/json', 'text/html', POWER_QUERY_HEADERS.accept])('the metadata is XML for Accept %s', async (accept) => {
    for (const path of ['/$metadata', '/$metadata/', '/%24metadata', '/$metadata?$format=xml', '/$metadata?$format=application/xml']) {
      const { status, headers, text } = await feed.get(path.startsWith('/%') ? `${ROOT}${path}` : path, { headers: { accept } })
      expect(status).toBe(200)
      expect(headers.get('content-type')).toBe('application/xml;charset=utf-8')
      expect(text).toMatch(/^<\?xml version="1.0" encoding="utf-8"\?>\n<edmx:Edmx Version="4.0"/)
    }
  })

  it.each(entitySets.map(({ name }) => name))('%s is there with and without a slash, and counted', async (name) => {
    const [plain, slash, count] = await Promise.all([feed.get(`/${name}`), feed.get(`/${name}/`), feed.get(`/${name}/$count`)])
    expect(plain.json['@odata.context']).toBe(`${ROOT}/$metadata#${name}`)
    expect(slash.text).toBe(plain.text)
    expect(count.headers.get('content-type')).toBe('text/plain;charset=utf-8')
    expect(Number(count.text)).toBe(plain.json.value.length)
  })

  it('a row is found by its key, alone or named, in any order, with quotes doubled and encoded', async () => {
    for (const kb of history.rows.Kbs) {
      const quoted = encodeURIComponent(String(kb['kbId'])).replaceAll("'", "''")
      for (const address of [`Kbs('${quoted}')`, `Kbs(kbId='${quoted}')`, `Kbs(kbId='${quoted.replaceAll("'", '%27')}')`]) {
        expect((await feed.get(`${ROOT}/${address}`)).json).toEqual({ '@odata.context': `${ROOT}/$metadata#Kbs/$entity`, ...kb })
      }
    }
    for (const row of changes.filter((_, index) => index % 20 === 0)) {
      const [snapshotId, machineId, kbId] = [
        row['snapshotId'],
        row['machineId'],
        encodeURIComponent(String(row['kbId'])).replaceAll("'", "''"),
      ]
      const found = await feed.get(`${ROOT}/Changes(kbId='${kbId}',snapshotId='${snapshotId}', machineId='${machineId}')?$select=reason`)
      expect(found.json).toEqual({ '@odata.context': `${ROOT}/$metadata#Changes(reason)/$entity`, reason: row['reason'] })
    }
  })

  it('every set has its rows by key, each at the cost of a few requests', async () => {
    for (const { name, key } of entitySets) {
      const row = history.rows[name as keyof History['rows']].at(-1) ?? {}
      const before = feed.service.counts().rowsReturned
      const keyText = key.map((property) => `${property}='${encodeURIComponent(String(row[property])).replaceAll("'", "''")}'`).join(',')
      const { json } = await feed.get(`${ROOT}/${name}(${keyText})`)
      expect(json).toEqual({ '@odata.context': `${ROOT}/$metadata#${name}/$entity`, ...row })
      // The tenant, the newest snapshot, the snapshots of the history, and the rows of one key.
      expect(feed.service.counts().rowsReturned - before).toBeLessThan(12 + (name === 'KbTotals' ? history.kbIds.length : 0))
    }
  })

  it.each(entitySets)('$name has no row by a key that no storage takes, and does not ask it for one', async ({ name, key }) => {
    const long = 'a'.repeat(1_200)
    const row = history.rows[name as keyof History['rows']].at(-1) ?? {}
    const { snapshots, machines, kbs, missingKbs, changes: changesTable, kbTotals } = openTenant(feed.services).store
    const asked = [snapshots, machines, kbs, missingKbs, changesTable, kbTotals].map((table) => vi.spyOn(table, 'span'))
    for (const property of key) {
      const keyText = key.map((other) => `${other}='${other === property ? long : String(row[other])}'`).join(',')
      expect((await feed.get(`/${name}(${keyText})`)).status).toBe(404)
      expect((await feed.get(`/${name}?$filter=${property} eq '${long}'`)).json.value).toEqual([])
      expect((await feed.get(`/${name}?$filter=${property} lt '${long}'`)).status).toBe(200)
    }
    expect(asked.some(({ mock }) => mock.calls.length > 0)).toBe(true)
    expect(JSON.stringify(asked.map(({ mock }) => mock.calls))).not.toContain(long)
    for (const spy of asked) spy.mockRestore()
  })

  it.each([
    ["/Kbs('nothing')", 404],
    ["/Kbs(kbid='x')", 400],
    ['/Kbs()', 400],
    ['/Kbs(1)', 400],
    ["/Kbs('a','b')", 400],
    ["/Kbs('a'x)", 400],
    ["/Changes('x')", 400],
    ["/Changes(snapshotId='a',machineId='b')", 400],
    ["/Changes(snapshotId='a',snapshotId='b',machineId='c',kbId='d')", 400],
    ["/Kbs('a')/kbName", 501],
    ["/Kbs('a')/nothing", 404],
    ['/Nothing', 404],
    ['/kbs', 404],
    ['/Kbs/nothing', 404],
    ['/Kbs/$count/x', 404],
    ['/$batch', 501],
    ['/$metadata/x', 404],
    ['//Kbs', 404],
    ['/$all', 501],
    ['/$entity?$id=x', 501],
    ['/$crossjoin(Machines,Kbs)', 501],
    ['/$crossjoin', 404],
    ['/$nothing', 404],
    ["/Kbs('a')/kbName/$value", 501],
    ["/Kbs('a')/kbName/x", 404],
    ["/Kbs('a')/nothing/$value", 404],
    ["/Kbs('a')/$ref", 501],
    ['/Kbs/$ref', 501],
    ['/Kbs/$ref/x', 404],
    ['/Kbs/$filter(isOpen)', 501],
    ['/Kbs/patchtrail.Kb', 501],
    ['/Kbs/patchtrail.Machine', 404],
    ["/Kbs('a')/$count", 404],
    ['/Nothing/$ref', 404],
    ['/Kbs(', 404],
    ["/Machines('x')", 404],
    ["/MissingKbs(machineId='a',kbId='b',appearedSnapshotId='c')", 404],
    ["/Snapshots('x')", 404],
    ["/KbTotals(snapshotId='20260530T020000Z',kbId='x')", 404],
  ])('%s is %i', async (path, status) => {
    const { status: actual, json, headers } = await feed.get(path)
    expect(actual).toBe(status)
    expect(json.error).toMatchObject({ code: expect.any(String) as string, message: expect.any(String) as string })
    expect(headers.get('content-type')).toBe(JSON_TYPE)
    expect(headers.get('odata-version')).toBe('4.0')
  })

  it('addresses are as the caller knows them, behind a proxy', async () => {
    const headers = { 'x-forwarded-host': 'feed.example:8443', 'x-forwarded-proto': 'https', prefer: 'odata.maxpagesize=1' }
    const { json } = await feed.get('/Machines', { headers })
    expect(json['@odata.context']).toBe('https://feed.example:8443/api/odata/$metadata#Machines')
    expect(json['@odata.nextLink']).toMatch(/^https:\/\/feed\.example:8443\/api\/odata\/Machines\?/)
  })
})

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
    "$filter=tolower(kbId) eq 'a'",
    '$filter=daysMissing add 1 eq 2',
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

describe('links', () => {
  const firstLink = async (path: string, prefer = 'odata.maxpagesize=5') =>
    String((await feed.get(path, { headers: { prefer } })).json['@odata.nextLink'])

  it('are absolute, keep the options, and carry no key', async () => {
    const link = new URL(
      await firstLink(`${ROOT}/MissingKbs?code=secret&clientId=me&$filter=isOpen%20and%20kbId+ne+'a%2Bb''c'&$select=kbId&$top=9`),
    )
    expect(`${link.origin}${link.pathname}`).toBe(`${ROOT}/MissingKbs`)
    expect([...link.searchParams.keys()]).toEqual(['$filter', '$select', '$top', '$skiptoken'])
    expect(link.searchParams.get('$filter')).toBe("isOpen and kbId ne 'a+b''c'")
    expect(link.href).not.toMatch(/secret|clientId/)
    expect((await feed.get(link.href)).json.value).toHaveLength(4)
  })

  it('that were tampered with, or go with other options, are refused', async () => {
    const link = await firstLink('/MissingKbs?$filter=isOpen')
    const token = new URL(link).searchParams.get('$skiptoken') ?? ''
    const tampered = [
      link.replace(token, `${token.slice(0, 10)}${token[10] === 'A' ? 'B' : 'A'}${token.slice(11)}`),
      link.replace(token, token.slice(1)),
      link.replace(token, `${token}A`),
      link.replace(token, ''),
      link.replace('isOpen', 'not%20isOpen'),
      link.replace('MissingKbs', 'Changes').replace('$filter=isOpen&', ''),
      link.replace('$filter=isOpen&', ''),
      `${link}&$top=3`,
      `${link}&$count=true`,
      `${link}&$select=kbId`,
      link.replace(
        token,
        Buffer.from(
          Buffer.from(token, 'base64url')
            .toString()
            .replace(/"row":"[^"]*"/, '"row":"0"'),
        ).toString('base64url'),
      ),
    ]
    for (const one of tampered) expect((await feed.get(one)).status, one).toBe(400)
    expect((await feed.get(link)).status).toBe(200)
    expect((await feed.get(link.replace('$filter', '%24filter').replace('$skiptoken', '%24skiptoken'))).status).toBe(200)
  })

  it('keep the page size, though a client does not repeat its preference', async () => {
    const { json } = await feed.get(await firstLink('/MissingKbs'))
    expect(json.value).toHaveLength(5)
    expect((await feed.get(String(json['@odata.nextLink']), { headers: { prefer: 'odata.maxpagesize=2' } })).json.value).toHaveLength(2)
  })
})

describe('headers', () => {
  it('every answer says its version once, is not cached unless it is the metadata, and is taken for nothing else', async () => {
    for (const path of ['/', '/$metadata', '/Kbs', '/Kbs/$count', '/Nothing', '/Kbs?$foo=1', '/Kbs?$expand=x']) {
      const { headers } = await feed.get(path)
      expect(headers.get('odata-version')).toBe('4.0')
      expect(headers.get('cache-control')).toBe(path === '/$metadata' ? 'private, max-age=300' : 'no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('OData-MaxVersion below 4.0 is refused, and says why; MaxDataServiceVersion is about other versions', async () => {
    const { status, json } = await feed.get('/Kbs', { headers: { 'odata-maxversion': '3.0' } })
    expect([status, json.error]).toEqual([
      400,
      { code: 'UnsupportedVersion', message: 'The feed is OData 4.0; OData-MaxVersion was "3.0".' },
    ])
    for (const headers of [
      { 'odata-maxversion': '4.0', maxdataserviceversion: '3.0' },
      { maxdataserviceversion: '3.0' },
      { 'odata-maxversion': '4.01' },
    ]) {
      expect((await feed.get('/Kbs', { headers: headers })).status).toBe(200)
    }
  })

  it('what takes Atom only is refused with 406; the metadata and counts are not', async () => {
    const headers = { accept: 'application/atom+xml' }
    expect((await feed.get('/Kbs', { headers })).status).toBe(406)
    expect((await feed.get('/', { headers })).status).toBe(406)
    expect((await feed.get('/$metadata', { headers })).status).toBe(200)
    expect((await feed.get('/Kbs/$count', { headers: { accept: 'application/json' } })).text).toBe(String(history.kbIds.length))
  })

  it('metadata=none leaves the context out and the links in; metadata=full names types and addresses', async () => {
    const none = await feed.get('/MissingKbs?$count=true', {
      headers: { accept: 'application/json;odata.metadata=none', prefer: 'odata.maxpagesize=1' },
    })
    expect(Object.keys(none.json)).toEqual(['@odata.count', 'value', '@odata.nextLink'])
    expect(none.headers.get('content-type')).toContain('odata.metadata=none')
    const [row = {}] = (await feed.get('/KbTotals?$top=1', { headers: { accept: 'application/json;odata.metadata=full' } })).json.value
    expect(row).toMatchObject({ '@odata.type': '#patchtrail.KbTotal', 'appeared@odata.type': '#Int32', 'at@odata.type': '#DateTimeOffset' })
    expect((await feed.get(`${ROOT}/${String(row['@odata.id'])}`)).json).toMatchObject({ snapshotId: row['snapshotId'], kbId: row['kbId'] })
  })

  it('preferences are applied and said to be', async () => {
    const { headers, json } = await feed.get('/MissingKbs', {
      headers: { prefer: 'respond-async, odata.maxpagesize=3, omit-values=nulls' },
    })
    expect(headers.get('preference-applied')).toBe('odata.maxpagesize=3, omit-values=nulls')
    expect(json.value).toHaveLength(3)
    expect(json.value.flatMap((row) => Object.values(row))).not.toContain(null)
    const sortedReply = await feed.get('/MissingKbs?$orderby=daysMissing desc', { headers: { prefer: 'odata.maxpagesize=3' } })
    expect([sortedReply.headers.get('preference-applied'), sortedReply.json.value.length]).toEqual(['odata.maxpagesize=3', 3])
    expect((await feed.get('/MissingKbs', { headers: { prefer: 'maxpagesize=2' } })).headers.get('preference-applied')).toBe(
      'maxpagesize=2',
    )
    for (const prefer of ['odata.maxpagesize=0', 'odata.maxpagesize=x', 'return=minimal', '']) {
      const reply = await feed.get('/MissingKbs', { headers: { prefer } })
      expect([reply.json.value.length, reply.headers.get('preference-applied')]).toEqual([missing.length, null])
    }
  })

  it('HEAD has the head of GET and no body', async () => {
    for (const path of ['/', '/$metadata', '/MissingKbs?$top=1', '/Kbs/$count', '/Nothing']) {
      const [head, get] = await Promise.all([feed.get(path, { method: 'HEAD' }), feed.get(path)])
      expect([head.status, head.text, [...head.headers]]).toEqual([get.status, '', [...get.headers]])
    }
  })

  it('bodies are compressed for those that take gzip, and only for those', async () => {
    expect((await feed.get('/MissingKbs', { headers: { 'accept-encoding': 'gzip, deflate' } })).headers.get('content-encoding')).toBe(
      'gzip',
    )
    expect((await feed.get('/MissingKbs')).headers.get('content-encoding')).toBeNull()
    expect((await feed.get('/MissingKbs', { headers: { 'accept-encoding': 'gzip;q=0' } })).headers.get('content-encoding')).toBeNull()
  })
})

describe('what cannot be answered', () => {
  it('another tenant is not found, what is none cannot be read, and the own one changes nothing, in any case', async () => {
    for (const text of ['x', '', `${TENANT}0`])
      expect((await feed.get(`/Kbs?tenantId=${text}`)).json.error).toMatchObject({
        code: 'BadRequest',
        message: expect.stringContaining('tenantId must be a GUID') as string,
      })
    expect((await feed.get(`/Kbs?tenantId=${TENANT.toUpperCase()}`)).status).toBe(200)
    expect((await feed.get('/Kbs?tenantId=00000000-0000-4000-8000-000000000000')).status).toBe(404)
    expect((await feed.get(`/Kbs?tenantId=${TENANT}`)).status).toBe(200)
  })

  it('a storage that does not answer is 503 with Retry-After, never 401 or 403, and the log says more', async () => {
    const { missingKbs } = openTenant(feed.services).store
    const { RestError } = await import('@azure/data-tables')
    const span = missingKbs.span.bind(missingKbs)
    missingKbs.span = () => {
      throw new RestError('denied', { statusCode: 403 })
    }
    const { status, headers, json } = await feed.get('/MissingKbs')
    missingKbs.span = span
    expect([status, headers.get('retry-after'), json.error?.code]).toEqual([503, '30', 'StorageUnavailable'])
    expect(json.error?.message).not.toContain('denied')
  })
})
