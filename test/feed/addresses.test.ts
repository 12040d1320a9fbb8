import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { FeedRow } from '../../src/feed/filter/value.ts'
import { entitySets } from '../../src/feed/index.ts'
import { openTenant } from '../../src/open-tenant.ts'
import { POWER_QUERY_HEADERS, ROOT } from './feed.ts'
import { type History, tenantEntitySets } from './history.ts'
import { startHistoryFeed } from './history-feed.ts'

let feed: Awaited<ReturnType<typeof startHistoryFeed>>['feed']
let history: History
let changes: FeedRow[]

beforeAll(async () => {
  ;({ feed, history } = await startHistoryFeed())
  changes = history.rows.Changes
})
afterAll(() => feed.service.close())

const JSON_TYPE = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'

const TREND_SPANS = ['pointSpan', 'groupDaySpan', 'cohortSpan'] as const

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
    for (const { name, key } of tenantEntitySets) {
      const row = history.rows[name as keyof History['rows']].at(-1) ?? {}
      const before = feed.service.counts().rowsReturned
      const keyText = key.map((property) => `${property}='${encodeURIComponent(String(row[property])).replaceAll("'", "''")}'`).join(',')
      const { json } = await feed.get(`${ROOT}/${name}(${keyText})`)
      expect(json).toEqual({ '@odata.context': `${ROOT}/$metadata#${name}/$entity`, ...row })
      // The tenant, the newest snapshot, the snapshots of the history, and the rows of one key.
      expect(feed.service.counts().rowsReturned - before).toBeLessThan(12 + (name === 'KbTotals' ? history.kbIds.length : 0))
    }
  })

  it.each(tenantEntitySets)('$name has no row by a key that no storage takes, and does not ask it for one', async ({ name, key }) => {
    const long = 'a'.repeat(1_200)
    const row = history.rows[name as keyof History['rows']].at(-1) ?? {}
    const { snapshots, machines, kbs, missingKbs, changes: changesTable, kbTotals, trends } = openTenant(feed.services).store
    const spans = [snapshots, machines, kbs, missingKbs, changesTable, kbTotals].map((table) => vi.spyOn(table, 'span'))
    const asked = [...spans, vi.spyOn(missingKbs, 'gapSpan'), ...TREND_SPANS.map((name) => vi.spyOn(trends, name))]
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

  it('a slash in a key is part of it, as it is or encoded', async () => {
    const kb = history.rows.Kbs.find(({ kbId }) => String(kbId).includes('/'))
    const kbId = String(kb?.['kbId'])
    expect(kbId).toContain('/')
    const slash = kbId.replaceAll("'", "''").replaceAll(' ', '%20')
    for (const address of [slash, slash.replaceAll('/', '%2F')]) {
      for (const quoteMark of ["'", '%27']) {
        const row = `/Kbs(${quoteMark}${address}${quoteMark})`
        expect((await feed.get(`${ROOT}${row}`)).json).toMatchObject({ kbId })
        expect((await feed.get(`${ROOT}${row}/kbName/$value`)).text).toBe(kb?.['kbName'])
      }
    }
    expect((await feed.get(`${ROOT}/Kbs(kbId='${slash}')/machinesMissing`)).json['value']).toBe(kb?.['machinesMissing'])
  })

  it('a property of a row is JSON, and text behind $value; one that is null has no content', async () => {
    for (const [name, set] of tenantEntitySets.map((set) => [set.name, set] as const)) {
      const row = history.rows[name as keyof typeof history.rows].at(0) ?? {}
      const key = set.key.map((part) => `${part}='${String(row[part]).replaceAll("'", "''")}'`).join(',')
      for (const property of set.properties) {
        const [json, text] = await Promise.all([
          feed.get(`/${name}(${key})/${property.name}`),
          feed.get(`/${name}(${key})/${property.name}/$value`),
        ])
        const value = row[property.name] ?? null
        expect([json.status, text.status], property.name).toEqual(value === null ? [204, 204] : [200, 200])
        if (value === null) continue
        expect(json.json).toMatchObject({ value })
        expect(json.json['@odata.context']).toBe(`${ROOT}/$metadata#${encodeURI(`${name}(${key})`)}/${property.name}`)
        expect([text.text, text.headers.get('content-type')]).toEqual([String(value), 'text/plain;charset=utf-8'])
      }
    }
    expect((await feed.get("/Kbs('nothing')/kbName")).status).toBe(404)
    expect((await feed.get("/Kbs('nothing')/kbName?$select=kbName")).status).toBe(400)
  })

  it('the count is a text for who reads large numbers so', async () => {
    const count = async (accept: string) => (await feed.get('/Kbs?$count=true', { headers: { accept } })).json['@odata.count']
    expect(await count('application/json;IEEE754Compatible=true')).toBe(String(history.rows.Kbs.length))
    expect(await count('application/json')).toBe(history.rows.Kbs.length)
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
    ["/Kbs('a')/kbName", 404],
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
    ["/Kbs('a')/kbName/$value", 404],
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

  it.each([
    ["/Kbs('a')/kbname", 'has nothing at "/Kbs(\'a\')/kbname"; a row of Kbs has kbId, kbName, productsNames, url, '],
    ["/Kbs('a')/nothing/$value", 'a row of Kbs has kbId, '],
    ["/Kbs('a')/kbName/x", 'behind a property there is $value.'],
    ['/Kbs/nothing', "behind Kbs there is $count, and a row is Kbs(kbId='…') or Kbs('…')."],
    ['/Kbs(', "a row is Kbs(kbId='…') or Kbs('…')."],
    ['/kbs', 'it has Snapshots, '],
    ['/$metadata/x', 'it has Snapshots, '],
    ["/Kbs('a')/kbName/$value?$select=kbName", '"$select" is not an option here. Options: tenantId.'],
    ['/Kbs/$count?$top=1', '"$top" is not an option here. Options: $filter, tenantId.'],
    ['/Kbs?filter=x', '$skiptoken, tenantId.'],
    ['/Kbs?$skiptoken=x', '$skiptoken must be the one of an @odata.nextLink, with the other options unchanged; got "x".'],
  ])('%s is told what there is: %s', async (path, message) => {
    expect((await feed.get(path)).json.error?.message).toContain(message)
  })

  it('addresses are as the caller knows them, behind a proxy', async () => {
    const headers = { 'x-forwarded-host': 'feed.example:8443', 'x-forwarded-proto': 'https', prefer: 'odata.maxpagesize=1' }
    const { json } = await feed.get('/Machines', { headers })
    expect(json['@odata.context']).toBe('https://feed.example:8443/api/odata/$metadata#Machines')
    expect(json['@odata.nextLink']).toMatch(/^https:\/\/feed\.example:8443\/api\/odata\/Machines\?/)
  })
})

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
