import { describe, expect, it, onTestFinished } from 'vitest'
import { createDefenderClient, type Proxies, readProxies, type TokenSource } from '../../src/defender/index.ts'
import { createProgram } from '../../src/program.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { recordingOutside } from '../support/recording-outside.ts'
import { json, startScriptedServer, type Step } from '../support/scripted-server.ts'
import { ID, NOW, TOKEN } from './client-setting.ts'

const DEFENDER = 'http://defender.example'
const answer = json({ value: [] })
const never = async () => false

interface Options {
  steps?: Step[]
  apiUrl?: string
  proxies?: Partial<Proxies>
  concurrency?: number
  refusal?: number
}

/** A client whose Defender has a name that only the proxy knows. */
async function setting({ steps = [answer], apiUrl = DEFENDER, proxies = {}, concurrency = 2, refusal }: Options = {}) {
  const server = await startScriptedServer(...steps)
  const proxy = await startConnectProxy(Number(new URL(server.url).port), refusal)
  const outside = recordingOutside(NOW)
  const token: TokenSource = { get: async () => ({ kind: 'token', token: TOKEN }), refuse: () => {} }
  const all = { httpsProxy: '', httpProxy: proxy.url.replace('//', '//user:hunter2@'), noProxy: '', ...proxies }
  const client = createDefenderClient({
    apiUrl: apiUrl === 'loopback' ? server.url : apiUrl,
    concurrency,
    callTimeoutMs: 5_000,
    token,
    proxies: all,
    outside,
  })
  onTestFinished(() => client.close())
  return { client, server, proxy, outside }
}

describe('a proxy', () => {
  it('carries the call in a tunnel, and sees no token', async () => {
    const { client, server, proxy } = await setting()
    expect(await client.missingKbs(ID, never)).toMatchObject({ kind: 'observed' })
    expect(server.headers).toMatchObject([{ host: 'defender.example', authorization: `Bearer ${TOKEN}` }])
    expect(server.headers[0]).not.toHaveProperty('proxy-authorization')
    expect(proxy.tunnels).toMatchObject([
      { target: 'defender.example:80', headers: { 'proxy-authorization': expect.any(String) as unknown } },
    ])
    expect(JSON.stringify(proxy)).not.toContain(TOKEN)
    expect(proxy.requests).toEqual([])
  })

  it('for https alone is not used for http', async () => {
    const { client, proxy } = await setting({ proxies: { httpProxy: '', httpsProxy: 'http://127.0.0.1:1' } })
    expect(await client.missingKbs(ID, never)).toMatchObject({ fault: { code: 'connectionFailed' } })
    expect(proxy.tunnels).toEqual([])
  })

  it.each(['defender.example', '.example', '*'])('is passed by for NO_PROXY=%s', async (noProxy) => {
    const { client, server, proxy } = await setting({ proxies: { noProxy } })
    expect(await client.missingKbs(ID, never)).toMatchObject({ fault: { kind: 'transient', code: 'connectionFailed' } })
    expect([...proxy.tunnels, ...server.log]).toEqual([])
  })

  it('is never used on this machine', async () => {
    const { client, proxy } = await setting({ apiUrl: 'loopback' })
    expect(await client.missingKbs(ID, never)).toMatchObject({ kind: 'observed' })
    expect(proxy.tunnels).toEqual([])
  })

  it('is asked for no more tunnels than calls may be under way, and they are used again', async () => {
    const { client, server, proxy } = await setting({ steps: Array.from({ length: 20 }, () => answer) })
    const results = await Promise.all(Array.from({ length: 20 }, () => client.missingKbs(ID, never)))
    expect(results.every(({ kind }) => kind === 'observed')).toBe(true)
    expect([proxy.tunnels.length, server.connections]).toEqual([2, 2])
  })

  it.each([407, 502])('that answers %i is a fault of the way, and its password is in no text', async (refusal) => {
    const { client, server, outside } = await setting({ refusal })
    const result = await client.missingKbs(ID, never)
    expect(result).toMatchObject({ fault: { kind: 'transient', code: 'connectionFailed' } })
    expect(JSON.stringify([result, outside.lines])).not.toContain('hunter2')
    expect(server.log).toEqual([])
  })

  it('that is not there is a fault of the way', async () => {
    const { client } = await setting({ proxies: { httpProxy: 'http://127.0.0.1:1' } })
    expect(await client.missingKbs(ID, never)).toMatchObject({ fault: { kind: 'transient', code: 'connectionFailed' } })
  })

  it('takes the token nowhere else: next links and redirects go as far as without', async () => {
    const next = (link: string) => json({ value: [{ id: '1' }], '@odata.nextLink': link })
    const redirect: Step = (_, response) => response.writeHead(302, { location: 'http://elsewhere.example/' }).end()
    const { client, proxy } = await setting({ steps: [next('http://elsewhere.example/x'), redirect] })
    expect(await client.missingKbs(ID, async () => true)).toMatchObject({ fault: { code: 'foreignNextLink' } })
    expect(await client.missingKbs(ID, never)).toMatchObject({ fault: { code: 'http302' } })
    expect([...new Set(proxy.tunnels.map(({ target }) => target))]).toEqual(['defender.example:80'])
  })
})

describe('the proxies of the environment', () => {
  it('are read by their lower-case names first', () => {
    const environment = { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2', NO_PROXY: ' x,y ' }
    expect(readProxies(environment)).toEqual({ ok: true, proxies: { httpsProxy: 'http://b:2', httpProxy: '', noProxy: 'x,y' } })
    expect(readProxies({})).toEqual({ ok: true, proxies: { httpsProxy: '', httpProxy: '', noProxy: '' } })
  })

  it.each(['proxy.example:8080', 'socks5://proxy.example', 'proxy'])(
    'that are none (%s) are reported by name, without their value',
    (text) => {
      const program = createProgram({ HTTPS_PROXY: `${text}hunter2` }, recordingOutside(NOW))
      if (program.kind !== 'broken') throw new Error('a program without settings')
      expect(program.problems.map(({ name }) => name)).toContain('HTTPS_PROXY')
      expect(JSON.stringify(program.problems)).not.toContain('hunter2')
    },
  )
})
