import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Raw, RawReply } from '../support/send-raw.ts'
import { sendRaw } from '../support/send-raw.ts'
import { serveApp, type ServedApp } from '../support/served-app.ts'
import { expectPageHeaders } from '../support/page-headers.ts'

/** Bytes of shell, style and script together, compressed. The specification allows 150 KB. */
const MOST_BYTES = 60 * 1024

let served: ServedApp
/** Paths of what the shell names, as a browser asks for them. */
let assets: string[]

const SHELL = '/api/page/'
const send = (path: string, raw?: Raw): Promise<RawReply> => sendRaw(served.url, path, raw)

beforeAll(async () => {
  // No setting at all: the shell is served whatever is wrong with the rest.
  served = await serveApp({})
  const { text } = await send(SHELL)
  assets = [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, name]) => new URL(name ?? '', `http://page${SHELL}`).pathname)
})
afterAll(async () => {
  await served.app.terminate()
  vi.unstubAllEnvs()
})

describe('the shell', () => {
  it('names one script, one style sheet and one icon, each by its content, and holds nothing else that runs', async () => {
    const { text, headers } = await send(SHELL)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    const kinds = assets.map((path) => /^\/api\/page\/assets\/(\w+)-[\w-]{12}\.(\w+)$/.exec(path)?.slice(1))
    expect(kinds).toEqual([
      ['icon', 'svg'],
      ['style', 'css'],
      ['page', 'js'],
    ])
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=|http-equiv|https?:/)
  })

  it('is the same for everybody, and tells nothing of the app', async () => {
    const [plain, other] = [
      await send(SHELL),
      await send(`${SHELL}?view=kb&kbId=1`, { headers: { 'x-functions-key': 'x', cookie: 'a=b' } }),
    ]
    expect(other.text).toBe(plain.text)
    for (const [name, value] of Object.entries(process.env))
      if (/^(DEFENDER|STORAGE|AZURE)_/.test(name) && value) expect(plain.text).not.toContain(value)
  })

  it.each([
    ['', ''],
    ['?view=kb&kbId=KB%205', '?view=kb&kbId=KB%205'],
    ['?code=secret', ''],
    ['?view=kb&CODE=secret&clientId=me&x=%zz', '?view=kb&x=%zz'],
  ])('is asked for with a slash at its end: /api/page%s leads there', async (query, kept) => {
    const { status, headers } = await send(`/api/page${query}`)
    expect([status, new URL(String(headers['location']), `http://page/api/page${query}`).href]).toEqual([308, `http://page${SHELL}${kept}`])
  })
})

describe('the files of the page', () => {
  it('are small', async () => {
    const sizes: Record<string, number> = {}
    for (const path of [SHELL, ...assets.filter((one) => !one.endsWith('.svg'))]) {
      const { bytes } = await send(path, { headers: { 'accept-encoding': 'gzip' } })
      sizes[path.split('.').at(-1) === path ? 'shell' : (path.split('.').at(-1) ?? '')] = bytes.length
    }
    const total = Object.values(sizes).reduce((sum, size) => sum + size, 0)
    const told = Object.entries(sizes).map(([name, size]) => `${name} ${size}`)
    process.stdout.write(`The page, gzip: ${told.join(', ')}, together ${total} bytes.\n`)
    expect(Object.keys(sizes)).toEqual(['shell', 'css', 'js'])
    expect(total).toBeLessThanOrEqual(MOST_BYTES)
  })

  it('have their type, a tag, and are asked for anew or never again', async () => {
    const types: Record<string, string> = { svg: 'image/svg+xml', css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' }
    for (const path of [SHELL, ...assets]) {
      const { status, headers } = await send(path)
      expect([status, headers['vary']]).toEqual([200, 'accept-encoding'])
      expect(headers['etag']).toMatch(/^W\/"[\w-]{12}"$/)
      expect(headers['cache-control']).toBe(path === SHELL ? 'no-cache' : 'public, max-age=31536000, immutable')
      if (path !== SHELL) expect(headers['content-type']).toBe(types[path.split('.').at(-1) ?? ''])
    }
  })

  it('are 304 for who has them', async () => {
    for (const path of [SHELL, ...assets]) {
      const { headers } = await send(path)
      const tag = String(headers['etag'])
      for (const named of [tag, tag.replace('W/', ''), `"other", ${tag}`, '*']) {
        const again = await send(path, { headers: { 'if-none-match': named } })
        expect([again.status, again.bytes.length, again.headers['etag']], named).toEqual([304, 0, tag])
        expect(again.headers['cache-control']).toBe(headers['cache-control'])
        expectPageHeaders(again)
      }
      for (const named of ['"other"', '']) expect((await send(path, { headers: { 'if-none-match': named } })).status).toBe(200)
    }
  })

  it('go out compressed to those who take that, and are the same to others', async () => {
    for (const path of [SHELL, ...assets]) {
      const packed = await send(path, { headers: { 'accept-encoding': 'br, gzip' } })
      expect(packed.headers['content-encoding']).toBe('gzip')
      for (const headers of [{}, { 'accept-encoding': 'br' }, { 'accept-encoding': 'gzip;q=0' }]) {
        const plain = await send(path, { headers })
        expect([plain.headers['content-encoding'], plain.text === packed.text, plain.text === '']).toEqual([undefined, true, false])
      }
    }
  })

  it('answer HEAD without a body', async () => {
    for (const path of [SHELL, ...assets, '/api/page', `${SHELL}session`, `${SHELL}nothing`]) {
      const [get, head] = [await send(path), await send(path, { method: 'HEAD' })]
      expect([head.status, head.bytes.length], path).toEqual([get.status, 0])
      for (const name of ['content-type', 'etag', 'cache-control', 'location'])
        expect(head.headers[name], `${path} ${name}`).toBe(get.headers[name])
    }
  })

  it('are these and no others', async () => {
    const names = [
      'x',
      'index.html',
      'assets/',
      'assets/x.js',
      'assets/../../../package.json',
      'assets/%2e%2e%2fpackage.json',
      '/etc/passwd',
      'main.tsx',
      '%ff',
    ]
    for (const name of names) {
      const reply = await send(`${SHELL}${name}`)
      expect([reply.status, reply.headers['cache-control']], name).toEqual([404, name.includes('../../..') ? undefined : 'no-store'])
    }
  })
})

describe('what a browser may do with the page', () => {
  it('is said with every answer: shell, files, session, data, errors', async () => {
    for (const path of [SHELL, ...assets, '/api/page', `${SHELL}session`, `${SHELL}nothing`]) expectPageHeaders(await send(path))
    const headers = { 'x-functions-key': 'the-key-of-the-host' }
    for (const path of ['overview', 'health', 'nothing', 'machines/zz', 'diffs?limit=x', 'diffs?format=csv']) {
      const reply = await send(`${SHELL}data/${path}`, { headers })
      expectPageHeaders(reply)
      expect(reply.headers['cache-control']).toBe('no-store')
    }
    expect((await send(`${SHELL}session`)).headers['cache-control']).toBe('no-store')
  })

  it('where they have keys, the session says that and nothing more', async () => {
    expect((await send(`${SHELL}session`)).json).toEqual({ signIn: 'key' })
  })
})
