import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../src/http/routes/route-list.ts'
import { HOST_KEY } from '../support/served-app.ts'
import { PAGE_KEY, servePage, type ServedPage } from '../support/served-page.ts'

let page: ServedPage
/** A value for each name in a route's braces. */
let ids: Record<string, string>

beforeAll(async () => {
  page = await servePage()
  const { json } = await page.call('/api/diffs?limit=1&mode=events')
  const [change] = json['changes'] as Record<string, string>[]
  const { machineId = '', kbId = '', snapshotId = '' } = change ?? {}
  ids = { machineId, kbId, snapshotId, month: '202602', tenantId: page.tenantId }
})
afterAll(() => page.close())

const withKey = (key: string, headers: Record<string, string> = {}) => ({ headers: { 'x-functions-key': key, ...headers } })
const readable = routes.filter(({ method, authLevel }) => method === 'GET' && authLevel !== 'admin')
const filled = (path: string) => path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''))
const isList = (name: string) => readable.some((route) => route.name === name && 'format' in route.query.shape)

/** Headers that are those of a connection, or differ because they name the page's own. */
const OWN = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'link', 'x-ms-invocation-id'])
const PAGE_ONLY = /^(content-security-policy|referrer-policy|cross-origin-.*|permissions-policy)$/

/** The same request to the API and to the page, with the key of each. */
async function both(path: string, headers: Record<string, string> = {}) {
  const [api, data] = [
    await page.send(`/api/${path}`, withKey(HOST_KEY, headers)),
    await page.send(`/api/page/data/${path}`, withKey(PAGE_KEY, headers)),
  ]
  return { api, data }
}

describe('the data of the page, by a key', () => {
  it.each(readable.map((route) => [route.name, route.path]))('%s is that of the API', async (name, path) => {
    const queries = isList(name) ? ['', '?format=csv', '?format=ndjson', '?format=excel', '?limit=1', '?nothing=1'] : ['', '?nothing=1']
    for (const query of queries) {
      const required = name === 'search' ? `${query === '' ? '?' : `${query}&`}q=KB` : query
      const { api, data } = await both(filled(path) + required)
      expect([data.status, data.text.replaceAll('/api/page/data', '/api')], required).toEqual([api.status, api.text])
      for (const [header, value] of Object.entries(api.headers)) if (!OWN.has(header)) expect(data.headers[header], header).toEqual(value)
      expect(Object.keys(data.headers).filter((header) => !(header in api.headers) && !PAGE_ONLY.test(header))).toEqual([])
      if (query === '' && name !== 'health') expect(data.status).toBe(200)
    }
  })

  it('comes in pages whose links stay there, to their end', async () => {
    const rows: unknown[] = []
    let pages = 0
    for (let next: string | undefined = `${page.url}/api/page/data/diffs?mode=events&limit=3`; next !== undefined; pages++) {
      expect(next.startsWith(`${page.url}/api/page/data/diffs?`)).toBe(true)
      const { json } = await page.send(next.slice(page.url.length), withKey(PAGE_KEY))
      const { changes, nextLink } = json as { changes: unknown[]; nextLink?: string }
      rows.push(...changes)
      next = nextLink
    }
    expect(pages).toBeGreaterThan(2)
    expect({ changes: rows }).toMatchObject({
      changes: (await page.call('/api/diffs?mode=events&limit=10000')).json['changes'] as unknown[],
    })
  })

  it('is, as CSV, the bytes of the API', async () => {
    for (const [path, lines] of [
      ['diffs?mode=events&format=csv', 5],
      ['machines?format=excel', 10],
      ['kbs?format=csv', 5],
    ] as const) {
      for (const encoding of ['identity', 'gzip']) {
        const { api, data } = await both(path, { 'accept-encoding': encoding })
        expect(data.bytes.equals(api.bytes), path).toBe(true)
        expect(data.text.split('\n').length).toBeGreaterThan(lines)
        expect(data.headers['content-disposition']).toBe(api.headers['content-disposition'])
      }
    }
  })

  it('is 304 for who knows how things stand', async () => {
    const { etag } = (await page.send('/api/page/data/overview', withKey(PAGE_KEY))).headers
    const again = await page.send('/api/page/data/overview', withKey(PAGE_KEY, { 'if-none-match': String(etag) }))
    expect([again.status, again.bytes.length]).toEqual([304, 0])
  })

  it('is, to HEAD, the head of GET', async () => {
    for (const path of ['overview', 'diffs?format=csv', 'nothing', 'machines/zz']) {
      const [get, head] = [
        await page.send(`/api/page/data/${path}`, withKey(PAGE_KEY)),
        await page.send(`/api/page/data/${path}`, { ...withKey(PAGE_KEY), method: 'HEAD' }),
      ]
      expect([head.status, head.headers['content-type'], head.bytes.length]).toEqual([get.status, get.headers['content-type'], 0])
    }
  })
})

describe('what the page has no way to', () => {
  it('is anything without a key, or with the key of another function', async () => {
    for (const { path } of readable)
      for (const headers of [{}, { 'x-functions-key': 'another' }])
        expect(await page.send(`/api/page/data/${filled(path)}`, { headers })).toMatchObject({ status: 401, text: '' })
  })

  it("is the API itself: the page's key opens the page's data and nothing else", async () => {
    for (const { path, method, authLevel } of routes.filter((route) => route.authLevel !== 'anonymous'))
      expect((await page.send(`/api/${filled(path)}`, { ...withKey(PAGE_KEY), method })).status, `${method} ${path} ${authLevel}`).toBe(401)
    expect((await page.send('/api/odata/Machines', withKey(PAGE_KEY))).status).toBe(401)
  })

  it('is a write, by any key', async () => {
    const before = [page.written(), page.asked()]
    for (const key of [PAGE_KEY, HOST_KEY, 'the-master-key'])
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
        for (const path of ['sync', 'data/sync', 'data/tenants/x', `data/tenants/${page.tenantId}`, 'data/machines', 'session', ''])
          expect((await page.send(`/api/page/${path}`, { ...withKey(key), method })).status, `${method} ${path}`).toBe(404)
    expect([page.written(), page.asked()]).toEqual(before)
  })

  it('is a route that is none', async () => {
    for (const path of [
      '',
      '/',
      'sync',
      'odata/Machines',
      'page/data/overview',
      'machines//history',
      'overview/x',
      'constructor',
      '__proto__',
    ])
      expect(await page.send(`/api/page/data/${path}`, withKey(PAGE_KEY))).toMatchObject({
        status: 404,
        json: { type: 'urn:patchtrail:problem:notFound', detail: 'The page has no such data.' },
      })
  })
})

describe('ids in paths', () => {
  /** Sent as they stand; each is an id that there is not, or no id. */
  const ODD = [
    '%2F',
    '%2f..%2F',
    '%2e%2e%2Fsync',
    '..%2F..%2Fsync',
    '%5C..',
    '%00',
    '%ff',
    '%25',
    '%252F',
    '%252e%252e',
    '<b>',
    '%3Cscript%3E',
    'KB%201',
    '%E2%80%AE',
  ]

  it.each(ODD)('%s is answered as the API answers it', async (id) => {
    for (const path of [
      `machines/${id}`,
      `machines/${id}/history`,
      `kbs/${id}`,
      `kbs/${id}/machines`,
      `snapshots/${id}`,
      `tenants/${id}`,
    ]) {
      const { api, data } = await both(path)
      expect([data.status, data.text], path).toEqual([api.status, api.text])
      expect(String(data.headers['content-type'])).toMatch(/^application\/(problem\+)?json; charset=utf-8$/)
      expect([200, 400, 404]).toContain(data.status)
    }
  })

  it('mean the same however they are spelled', async () => {
    const spelled = `%${Buffer.from(ids['machineId']?.[0] ?? '').toString('hex')}${ids['machineId']?.slice(1)}`
    for (const path of [`machines/${spelled}`, `KBS/KB${ids['kbId']}`, `kbs/%4B%42%20${ids['kbId']}/machines`, 'overview/']) {
      const { api, data } = await both(path)
      expect([api.status, data.text], path).toEqual([200, api.text])
    }
  })

  it('lead nowhere else by dots', async () => {
    const before = page.written()
    for (const path of [
      'data/machines/../../../sync',
      'data/../../sync',
      'data/%2e%2e/%2e%2e/tenants',
      'data/..%2F..%2Fopenapi.json',
      'assets/../../overview',
    ])
      for (const method of ['GET', 'POST'])
        expect([401, 404], `${method} ${path}`).toContain((await page.send(`/api/page/${path}`, { ...withKey(PAGE_KEY), method })).status)
    expect(await page.send('/api/page/data/machines/../overview', withKey(PAGE_KEY))).toMatchObject({ status: 200 })
    expect(page.written()).toBe(before)
  })
})

describe('a key', () => {
  const PLANTED = 'planted-0a1b2c3d'

  it('that stands in an address is echoed nowhere', async () => {
    const paths = [
      '',
      '/',
      '/?view=kb',
      '/assets/x',
      '/session',
      '/data/overview',
      '/data/diffs',
      '/data/diffs?limit=1',
      '/data/nothing',
      '/data/machines/zz',
      '/data/diffs?limit=x',
      '/data/diffs?format=csv&limit=1',
      '/data/openapi.json',
      '/data/health',
    ]
    for (const path of paths)
      for (const name of ['code', 'Code', 'c%6Fde', 'clientId']) {
        for (const key of [PAGE_KEY, '']) {
          const planted = `${path}${path.includes('?') ? '&' : '?'}${name}=${PLANTED}&x=1`
          const { headers, text } = await page.send(`/api/page${planted}`, key === '' ? {} : withKey(key))
          expect(JSON.stringify(headers) + text, planted).not.toContain(PLANTED)
        }
      }
  })

  it('is in no line of a log, of the app or of the host', async () => {
    await page.send(`/api/page/data/overview?code=${PAGE_KEY}`)
    await page.send(`/api/page/data/overview`, withKey('a-wrong-key'))
    const logged = JSON.stringify([page.lines, page.hostLog])
    expect(page.lines.map(({ event }) => event)).toContain('slice.ended')
    for (const key of [PLANTED, PAGE_KEY, HOST_KEY, 'the-master-key', 'a-wrong-key']) expect(logged).not.toContain(key)
  })
})
