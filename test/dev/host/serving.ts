import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { FunctionApp, HostLogEntry, Listening } from '../../../dev/host/index.ts'
import { loadFunctionApp } from '../../../dev/host/index.ts'

export interface Serving {
  app: FunctionApp
  url: string
  events: string[]
  /** Resolves when a handler waits at that gate, and lets it through when called. */
  gate: (name: string) => Promise<() => void>
  log: HostLogEntry[]
}

/** Loads a fixture app and serves it for the tests of a file. */
export function serving(fixture: string, options: { activityTimeoutMs?: number } = {}): Serving {
  const state = { log: [] as HostLogEntry[] } as Serving
  let listening: Listening
  beforeAll(async () => {
    const main = new URL(fixture, import.meta.url).href
    const app = await loadFunctionApp({
      main,
      keys: { master: 'm', host: 'h', functions: { echo: 'e' } },
      log: (entry) => state.log.push(entry),
      ...options,
    })
    listening = await app.listen({ port: 0 })
    const { gates } = app.exports as { gates: Map<string, () => void> }
    const gate = (name: string) => vi.waitUntil(() => gates.get(name), { timeout: 30_000 })
    Object.assign(state, { app, url: listening.url, events: app.exports['events'], gate })
  })
  afterAll(() => state.app.terminate())
  return state
}

/** What the host must do alike with and without HTTP streams. */
export function describeServing(state: Serving): void {
  const get: Get = (path, init) => fetch(state.url + path, init)
  describeRoutes(state, get)
  describeAnswers(state, get)
}

type Get = (path: string, init?: RequestInit) => Promise<Response>

function describeRoutes(state: Serving, get: Get): void {
  test('a request reaches its function with parameters, query, headers and body', async () => {
    const response = await get('/api/echo/7/a%20b?x=1&code=e', { method: 'POST', body: 'tëxt', headers: { 'X-Probe': 'probe' } })
    expect(response.status).toBe(201)
    expect(response.headers.get('x-echo')).toBe('probe')
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({
      method: 'POST',
      url: `${state.url}/api/echo/7/a%20b?x=1&code=e`,
      params: { id: '7', rest: 'a b' },
      query: { x: '1', code: 'e' },
      body: 'tëxt',
    })
  })

  test('an optional parameter that is left out is absent', async () => {
    expect(((await (await get('/api/echo/7?code=e')).json()) as { params: unknown }).params).toEqual({ id: '7' })
  })

  test('a catch-all parameter takes the rest of the path', async () => {
    expect(await (await get('/api/files/a/b%2Fc/d')).json()).toEqual({ path: 'a/b%2Fc/d' })
    expect(await (await get('/api/files')).json()).toEqual({})
  })

  test.each(['/api/unknown', '/echo/7', '/api/echo', '/api/echo/7/8/9', '/'])(
    'no function has the route %s: 404, and it says so',
    async (path) => {
      const response = await get(path, { headers: { 'x-functions-key': 'm' } })
      expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8'])
      expect(await response.json()).toEqual({
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: 'No function has this address.',
      })
    },
  )

  test('a method that a function does not name is 404, HEAD included', async () => {
    const refused = await get('/api/files/a', { method: 'DELETE' })
    expect([refused.status, await refused.json()]).toEqual([404, expect.objectContaining({ detail: 'It takes GET, and no DELETE.' })])
    expect((await get('/api/files/a', { method: 'HEAD' })).status).toBe(404)
  })

  test('HEAD reaches a function that names it, and has headers without a body', async () => {
    const response = await get('/api/echo/1', { method: 'HEAD', headers: { 'x-functions-key': 'e' } })
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([201, 'application/json', ''])
  })

  test('of two routes that match, the function whose name comes first in the alphabet wins, literal or not', async () => {
    expect(await (await get('/api/order/literal')).text()).toBe('alpha')
  })
}

function describeAnswers(state: Serving, get: Get): void {
  test('a handler that throws is a 500 that says nothing, and is logged', async () => {
    const response = await get('/api/throws')
    expect([response.status, await response.text()]).toEqual([500, ''])
    expect(state.log).toContainEqual(
      expect.objectContaining({ level: 'error', functionName: 'throws', message: expect.stringContaining('secret-42') as string }),
    )
  })

  test('bytes go in and come out unchanged', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256)
    const response = await get('/api/binary', { method: 'POST', body: bytes })
    expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytes).reverse())).toBe(true)
  })

  test.each([204, 304, 409, 503])('a status %i without a body arrives as it is', async (code) => {
    const response = await get(`/api/status/${code}`)
    expect([response.status, await response.text()]).toEqual([code, ''])
  })

  test('requests are served side by side', async () => {
    const answers = ['one', 'two', 'three'].map(async (name) => (await get(`/api/waits/${name}`)).text())
    const open = await Promise.all(['one', 'two', 'three'].map(state.gate))
    for (const pass of open.reverse()) pass()
    expect(await Promise.all(answers)).toEqual(['one', 'two', 'three'])
  })

  test('invokeHttp goes the same way without a port, keys included', async () => {
    const call = { method: 'POST', url: '/api/echo/3?a=b', headers: { 'X-Functions-Key': 'h' }, body: 'hi' }
    const answer = await state.app.invokeHttp(call)
    expect(answer.status).toBe(201)
    expect(JSON.parse(answer.body.toString())).toMatchObject({ url: 'http://localhost/api/echo/3?a=b', params: { id: '3' }, body: 'hi' })
    expect((await state.app.invokeHttp({ ...call, headers: {} })).status).toBe(401)
    expect((await state.app.invokeHttp({ method: 'GET', url: '/api/throws' })).status).toBe(500)
  })

  test('hooks run round every invocation, and the log of an invocation names it', async () => {
    state.events.length = 0
    await get('/api/echo/1?code=m')
    expect(state.events).toEqual(['before echo', 'after echo'])
    await get('/api/throws')
    expect(state.events.slice(2)).toEqual(['before throws', 'after throws failed'])
    expect(state.log).toContainEqual(
      expect.objectContaining({ level: 'information', category: 'user', functionName: 'echo', message: 'echoing' }),
    )
  })
}
