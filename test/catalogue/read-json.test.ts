import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readJson, type Way } from '../../src/catalogue/read-json.ts'
import { NO_PROXIES } from '../../src/defender/proxies.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { breakOff, hang, json, reset, startScriptedServer, status, type Step } from '../support/scripted-server.ts'

const LIMITS = { bytes: 100_000, depth: 8, values: 1_000, valueBytes: 1_000 }
const BODY = { items: Array.from({ length: 50 }, (_, index) => ({ index, text: 'ä'.repeat(20) })) }

/** What is heard of a server that answers so. */
async function heard(
  step: Step,
  { way = {}, bytes = LIMITS.bytes, url }: { way?: Partial<Way>; bytes?: number; url?: (own: string) => string } = {},
) {
  const server = await startScriptedServer(step)
  const items: unknown[] = []
  const listener = {
    value: (_: string, value: Buffer | undefined) => void items.push(JSON.parse(value?.toString() ?? 'null')),
    ends: () => undefined,
  }
  const question = {
    url: (url ?? ((own) => `${own}/feed?a=b`))(server.url),
    wanted: { members: { items: { items: { take: 'item' } } } },
    limits: { ...LIMITS, bytes },
    listener,
  }
  const fault = await readJson(question, { proxies: NO_PROXIES, answerMs: 2_000, idleMs: 200, ...way })
  return { fault, items, server }
}

const zipped = (body: Buffer, headers: Record<string, string> = {}): Step => {
  return (_, response) =>
    void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip', ...headers }).end(body)
}

describe('an answer', () => {
  it('is asked for as JSON, with nothing about who asks, and read whole', async () => {
    const { fault, items, server } = await heard(json(BODY))
    expect([fault, items]).toEqual([undefined, BODY.items])
    expect(server.log[0]).toBe('START GET /feed?a=b')
    expect(Object.keys(server.headers[0] ?? {}).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent'])
    expect(server.headers[0]).toMatchObject({ accept: 'application/json', 'user-agent': 'patchtrail' })
  })

  it('may be compressed, and called whatever a mirror calls it', async () => {
    expect((await heard(zipped(gzipSync(JSON.stringify(BODY))))).items).toEqual(BODY.items)
    expect((await heard(zipped(gzipSync(JSON.stringify(BODY)), { 'content-type': 'application/octet-stream' }))).items).toEqual(BODY.items)
    expect((await heard(status(200, JSON.stringify(BODY)))).items).toEqual(BODY.items)
  })

  it.each<[string, Step, string]>([
    ['a status that is none', status(503, 'no'), 'http503'],
    ['a redirect, which is not followed', status(302, '', { location: 'http://127.0.0.1:1/' }), 'http302'],
    ['a page for people', status(200, '{}', { 'content-type': 'text/html; charset=utf-8' }), 'contentType'],
    ['the same in XML', status(200, '{}', { 'content-type': 'application/xml' }), 'contentType'],
    ['another compression', status(200, '{}', { 'content-encoding': 'br' }), 'contentEncoding'],
    ['no JSON', status(200, 'nonsense'), 'malformed'],
    ['a body that breaks off', breakOff('{"items":[1,2', 'close'), 'connectionFailed'],
    ['a body that stalls', breakOff('{"items":[1,2', 'hang'), 'timeout'],
    ['no body at all', status(200, ''), 'malformed'],
    ['no answer', hang, 'timeout'],
    ['a connection that is reset', reset, 'connectionFailed'],
    ['compressed bytes that are none', zipped(Buffer.from('nonsense')), 'connectionFailed'],
    ['compressed bytes that break off', zipped(gzipSync(JSON.stringify(BODY)).subarray(0, 60)), 'connectionFailed'],
    ['more than there may be', status(200, `{"items":["${'x'.repeat(LIMITS.bytes)}"]}`, { 'transfer-encoding': 'chunked' }), 'tooLarge'],
    ['more than there may be, by its own word', json(BODY, 200, { 'content-length': '999999' }), 'tooLarge'],
    ['more than there may be, compressed', zipped(gzipSync(`{"items":["${'x'.repeat(1_000_000)}"]}`)), 'tooLarge'],
    ['deeper than there may be', json({ items: [[[[[[[[[[1]]]]]]]]]] }), 'malformed'],
  ])('that is %s is a fault', async (_, step, code) => {
    const { fault } = await heard(step)
    expect(fault?.code).toBe(code)
    expect(fault?.detail).toMatch(/^.{3,200}$/)
  })

  it('that drips is waited for no longer than an answer may take', async () => {
    const drip: Step = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
    }
    expect((await heard(drip, { way: { answerMs: 300 } })).fault?.code).toBe('timeout')
  })

  it('of a place that is not there is a fault', async () => {
    expect((await heard(hang, { url: () => 'http://127.0.0.1:1/feed' })).fault?.code).toBe('connectionFailed')
  })

  it('comes through the proxy of the environment, in a tunnel', async () => {
    const server = await startScriptedServer(json(BODY))
    const proxy = await startConnectProxy(Number(new URL(server.url).port))
    const proxies = { ...NO_PROXIES, httpProxy: proxy.url }
    const listener = { value: () => undefined, ends: () => undefined }
    const question = { url: 'http://msrc.example/cvrf/v3.0/updates', wanted: { members: {} }, limits: LIMITS, listener }
    expect(await readJson(question, { proxies, answerMs: 2_000, idleMs: 500 })).toBeUndefined()
    expect(proxy.tunnels.map(({ target }) => target)).toEqual(['msrc.example:80'])
    const refusing = await startConnectProxy(1, 407)
    expect((await readJson(question, { proxies: { ...NO_PROXIES, httpProxy: refusing.url }, answerMs: 2_000 }))?.code).toBe(
      'connectionFailed',
    )
  })
})
