import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Azurite, startAzurite } from '../../dev/azurite.ts'
import { type FunctionApp, type HttpTrigger, type Listening, loadFunctionApp } from '../../dev/host/index.ts'
import { routes } from '../../src/http/routes/route-list.ts'
import type { Outside } from '../../src/outside.ts'
import { openStore } from '../../src/store/index.ts'
import { tableOpener } from '../../src/store/open-table.ts'
import { TENANT } from '../support/api.ts'
import { playHistory } from '../support/history-model.ts'
import { readCsv } from '../support/read-csv.ts'
import { recordingOutside } from '../support/recording-outside.ts'
import { writeHistory } from '../support/write-history.ts'

const KEY = randomUUID()
const SETTINGS = ['DEFENDER_TENANT_ID', 'STORAGE_CONNECTION_STRING', 'TABLE_PREFIX'] as const
const before = SETTINGS.map((name) => [name, process.env[name]] as const)

let azurite: Azurite
let app: FunctionApp
let listening: Listening

beforeAll(async () => {
  azurite = await startAzurite()
  Object.assign(process.env, { DEFENDER_TENANT_ID: TENANT, STORAGE_CONNECTION_STRING: azurite.connectionString, TABLE_PREFIX: 'host' })
  const storage = { kind: 'connectionString', connectionString: azurite.connectionString, tablePrefix: 'host' } as const
  const credential = () => {
    throw new Error('a key needs no credential')
  }
  const history = playHistory(
    ['0a', '7f00'],
    [
      [['1', '2', '3'], []],
      [['2'], ['KB 1/2']],
    ],
  )
  await writeHistory(openStore(tableOpener(storage, credential), 'host').of(TENANT), history)
  app = await loadFunctionApp({ main: new URL('../../functions/index.ts', import.meta.url).href, keys: { host: KEY } })
  const { useOutside } = app.exports as { useOutside: (parts: Partial<Outside>) => void }
  useOutside(recordingOutside(Date.parse('2026-06-08T00:00:00Z')))
  listening = await app.listen({ port: 0 })
})

afterAll(async () => {
  await app.terminate()
  await azurite.close()
  for (const [name, value] of before) {
    if (value === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = value
  }
})

const call = (path: string, init: RequestInit = {}) =>
  fetch(listening.url + path, { ...init, headers: { 'x-functions-key': KEY, ...init.headers } })

describe('the functions, through the host', () => {
  it('are registered as their routes say', () => {
    const triggers = app.functions.flatMap(({ name, trigger }) =>
      trigger.type === 'httpTrigger' ? [{ name, trigger: trigger satisfies HttpTrigger }] : [],
    )
    const registered = triggers.map(({ name, trigger }) => [name, trigger.route, trigger.authLevel, trigger.methods.join()])
    const described = routes.map(({ name, path, authLevel, method }) => [
      name,
      `api/${path}`,
      authLevel,
      method === 'GET' ? 'GET,HEAD' : method,
    ])
    const feed = ['odata', 'api/odata/{*path}', 'function', 'GET,HEAD']
    const page = [
      ['pageData', 'api/page/data/{*path}', 'function', 'GET,HEAD'],
      ['pageSession', 'api/page/session', 'anonymous', 'GET,HEAD'],
      ['pageShell', 'api/page/{*path}', 'anonymous', 'GET,HEAD'],
    ]
    expect(registered.sort()).toEqual([...described, feed, ...page].sort())
  })

  it('are as many as docs/deploy.md says', () => {
    const page = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8')
    expect(Number(/should name (\d+) functions, `tick` among them/.exec(page)?.[1])).toBe(app.functions.length)
  })

  it('ask for a key, all but health', async () => {
    for (const { path, authLevel, method } of routes) {
      const { status } = await fetch(`${listening.url}/api/${path.replace(/\{\w+\}/, 'x')}`, { method })
      if (authLevel !== 'anonymous') expect(status, path).toBe(401)
      else expect(status, path).not.toBe(401)
    }
  })

  it('answer from the tables, by the clock that was given', async () => {
    expect(await (await call('/api/health')).json()).toMatchObject({ status: 'ok', version: '0.2.0' })
    expect(await (await call('/api/diffs')).json()).toMatchObject({ changes: [{ kbId: '1' }, { kbId: '3' }, { kbId: 'KB 1/2' }] })
    expect(await (await call('/api/kbs/KB%201%2F2/machines')).json()).toMatchObject({ machines: [{ machineId: '7f00' }] })
    const sync = await call('/api/sync', { method: 'POST', body: '{"ignored":true}' })
    expect([sync.status, sync.headers.get('location')]).toEqual([202, `${listening.url}/api/snapshots/20260608T000000Z`])
    expect(await (await call('/api/snapshots/20260608T000000Z')).json()).toMatchObject({ status: 'pending' })
  })

  it('stream CSV and NDJSON, compressed for those who accept it', async () => {
    const csv = await call('/api/diffs?format=csv&limit=2')
    expect(csv.headers.get('content-encoding')).toBe('gzip')
    expect(readCsv(await csv.text()).map((row) => row[4])).toEqual(['kbId', '1', '3'])
    const next = /^<(.*)>; rel="next"$/.exec(csv.headers.get('link') ?? '')?.[1] ?? ''
    expect(next.startsWith(`${listening.url}/api/diffs?format=csv&limit=2&cursor=`)).toBe(true)
    expect(readCsv(await (await call(next.slice(listening.url.length))).text()).map((row) => row[4])).toEqual(['kbId', 'KB 1/2'])
    const ndjson = await call('/api/diffs', { headers: { accept: 'application/x-ndjson', 'accept-encoding': 'identity' } })
    expect(ndjson.headers.get('content-encoding')).toBeNull()
    expect((await ndjson.text()).trimEnd().split('\n')).toHaveLength(3)
  })

  it('answer HEAD without a body', async () => {
    for (const path of ['/api/diffs', '/api/diffs?format=csv', '/api/health']) {
      const [head, get] = [await call(path, { method: 'HEAD' }), await call(path)]
      expect([head.status, await head.text(), head.headers.get('content-type')]).toEqual([200, '', get.headers.get('content-type')])
    }
  })

  it('see both of two parameters of the same name', async () => {
    expect((await call('/api/diffs?limit=1&limit=2')).status).toBe(400)
    expect((await call('/api/diffs?limit=1%2C2')).status).toBe(400)
  })

  it('refuse a request line of 100 kB cleanly', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = request(
        `${listening.url}/api/diffs?kbId=${'x'.repeat(100_000)}`,
        { headers: { 'x-functions-key': KEY } },
        (response) => {
          resolve(response.resume().statusCode)
        },
      )
      sent.on('error', reject).end()
    })
    expect(status).toBe(431)
    const { status: invoked } = await app.invokeHttp({
      method: 'GET',
      url: `/api/diffs?kbId=${'x'.repeat(8000)}`,
      headers: { 'x-functions-key': KEY },
    })
    expect(invoked).toBe(400)
  })

  it('build links for the address that a proxy in front tells', async () => {
    const headers = { 'x-forwarded-host': 'patchtrail.example', 'x-forwarded-proto': 'https' }
    expect(await (await call('/api/diffs?limit=1', { headers })).json()).toMatchObject({
      nextLink: expect.stringMatching(/^https:\/\/patchtrail\.example\/api\/diffs\?limit=1&cursor=/) as string,
    })
  })
})
