import { get, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type FunctionApp, loadFunctionApp } from '../../dev/host/index.ts'
import type * as fixture from './fixture-streams.ts'

let app: FunctionApp
let url: string
let streams: typeof fixture

beforeAll(async () => {
  app = await loadFunctionApp({ main: new URL('fixture-streams.ts', import.meta.url).href, log: () => undefined })
  streams = app.exports as unknown as typeof fixture
  ;({ url } = await app.listen({ port: 0 }))
})
afterAll(() => app.terminate())

/** The answer to a request, of which nothing is read yet. */
const unread = (path: string, headers: Record<string, string> = {}) =>
  new Promise<IncomingMessage>((resolve, reject) => get(url + path, { headers, agent: false }, resolve).on('error', reject))

/** Waits until nothing has been made for many turns of the event loop. */
async function whenStill(): Promise<void> {
  for (let before = -1; before !== streams.counts.made;) {
    before = streams.counts.made
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
}

// Compressed, the letter x takes a thousandth, so that everything fits into what a connection holds.
it('a streamed body is made no faster than it is taken', async () => {
  const response = await unread('/api/long')
  await vi.waitUntil(() => streams.counts.made > 0, { timeout: 30_000 })
  await whenStill()
  // Four sockets hold some megabytes each; the whole is 100 MB.
  expect(streams.counts.made).toBeLessThan(streams.PIECES / 2)
  const { ended } = streams.counts
  response.destroy()
  await vi.waitUntil(() => streams.counts.ended > ended, { timeout: 30_000 })
})

describe.each([
  ['as it is', {}],
  ['compressed', { 'accept-encoding': 'gzip' }],
])('a streamed body, %s', (_, headers) => {
  it('is whole', async () => {
    const response = await fetch(`${url}/api/long`, { headers: { 'accept-encoding': 'identity', ...headers } })
    const text = await response.text()
    expect(text.length).toBe(streams.PIECES * streams.PIECE.length)
    expect(response.headers.get('content-encoding')).toBe('accept-encoding' in headers ? 'gzip' : null)
  })

  it('is not made to its end when the client hangs up', async () => {
    const { ended } = streams.counts
    const response = await unread('/api/long', headers)
    response.once('data', () => response.destroy())
    await vi.waitUntil(() => streams.counts.ended > ended, { timeout: 30_000 })
    expect(streams.counts.made).toBeLessThan(streams.PIECES)
    expect(streams.lines).toEqual([])
  })

  it('is looked for no further when the client hangs up while nothing is found', async () => {
    const { ended } = streams.counts
    const response = await unread('/api/quiet', headers)
    response.once('data', () => response.destroy())
    await vi.waitUntil(() => streams.counts.ended > ended, { timeout: 30_000 })
  })

  it('breaks the connection where it fails, at once, and is logged', async () => {
    const response = await unread('/api/broken', headers)
    expect(response.statusCode).toBe(200)
    const broken = new Promise((resolve) => response.on('error', resolve))
    response.once('data', () => streams.failing.now())
    expect(await broken).toMatchObject({ code: 'ECONNRESET' })
    const logged = streams.lines.splice(0).map((line) => JSON.parse(line) as unknown)
    expect(logged).toMatchObject([{ event: 'request.broken', route: 'broken', message: 'broke in the middle' }])
  })
})
