import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createDefenderClient, DEFENDER_POLICY, type TokenSource } from '../../src/defender/index.ts'
import { breakOff, hang, json, reset, startScriptedServer, status, type Step } from '../support/scripted-server.ts'
import { recordingOutside } from '../support/recording-outside.ts'
import { ID, NOW, setting, TOKEN } from './client-setting.ts'

const KBS = `/api/machines/${ID}/getmissingkbs`
const kb = (id: unknown, more: object = {}) => ({
  id,
  name: 'March 2020 Security Updates',
  productsNames: ['windows_10', 'edge'],
  url: `https://catalog.update.microsoft.com/?q=KB${String(id)}`,
  machineMissedOn: 1,
  cveAddressed: 97,
  ...more,
})

const never = async () => false
const always = async () => true

/** The fault of a single getmissingkbs call answered by one step; the token must be nowhere in what comes of it. */
async function faultOf(step: Step, callTimeoutMs?: number) {
  const { client, outside } = await setting({ steps: [step], ...(callTimeoutMs === undefined ? {} : { callTimeoutMs }) })
  const result = await client.missingKbs(ID, never)
  expect(JSON.stringify(result)).not.toContain(TOKEN)
  expect(outside.lines.join()).not.toContain(TOKEN)
  if (result.kind !== 'fault') throw new Error(`expected a fault, got ${JSON.stringify(result)}`)
  return result.fault
}

describe('missingKbs', () => {
  it('reads the documented sample', async () => {
    const sample: unknown = JSON.parse(readFileSync(new URL('getmissingkbs.sample.json', import.meta.url), 'utf8'))
    const { client, server } = await setting({ steps: [json(sample)] })
    expect(await client.missingKbs(ID, never)).toEqual({
      kind: 'observed',
      observedAt: '2026-03-10T02:00:00.000Z',
      dropped: 0,
      kbs: [
        {
          kbId: '4540673',
          kbName: 'March 2020 Security Updates',
          productsNames: ['edge', 'internet_explorer', 'windows_10'],
          url: 'https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB4540673',
          machineMissedOn: 1,
          cveAddressed: 97,
          osBuild: null,
        },
      ],
    })
    expect(server.log[0]).toBe(`START GET ${KBS}`)
    expect(server.headers[0]).toMatchObject({ authorization: `Bearer ${TOKEN}`, accept: 'application/json' })
  })

  it('observes that nothing is missing', async () => {
    const { client } = await setting({ steps: [json({ value: [] })] })
    expect(await client.missingKbs(ID, never)).toMatchObject({ kind: 'observed', kbs: [] })
  })

  it('merges duplicates, drops and logs rows without an id, and takes nulls, absent and undocumented fields', async () => {
    const rows = [
      kb(' 5 ', { cveAddressed: 3, productsNames: ['edge'] }),
      kb('5', { name: null, cveAddressed: 9, productsNames: null, osBuild: 19044 }),
      kb(null),
      kb('  '),
      { id: 7 },
      kb('8', { cveAddressed: ['CVE-1', 'CVE-2'], url: 'javascript:alert(1)', machineMissedOn: 'many', surprise: {} }),
    ]
    const { client, outside } = await setting({ steps: [json({ '@odata.count': 6, value: rows })] })
    const nothing = { kbName: null, productsNames: [], url: null, cveAddressed: null, machineMissedOn: null, osBuild: null }
    expect(await client.missingKbs(ID, never)).toMatchObject({
      dropped: 2,
      kbs: [
        { kbId: '5', kbName: 'March 2020 Security Updates', productsNames: ['edge'], cveAddressed: 9, osBuild: '19044' },
        { kbId: '7', ...nothing },
        { kbId: '8', cveAddressed: 2, url: null, machineMissedOn: null },
      ],
    })
    expect(outside.lines.join()).toContain('"defender.rowsDropped"')
  })

  it.each<[string, Step]>([
    ['HTML', status(200, '<html>sign in</html>', { 'content-type': 'text/html' })],
    ['nothing', status(200)],
    ['half of its JSON', status(200, '{"value":[{"id":"1"')],
    ['an array', json([kb('1')])],
    ['no value', json({ error: null })],
    ['an error', json({ error: { code: 'InternalServerError', message: 'x' } })],
    ['an error beside rows', json({ error: { code: 'InternalServerError' }, value: [kb('1')] })],
    ['an error beside no rows', json({ error: 'busy', value: [] })],
    ['a value that is an object', json({ value: { 0: kb('1') } })],
    ['rows that are texts', json({ value: ['4540673'] })],
    ['a null row', json({ value: [null] })],
    ['an id that is an object', json({ value: [kb({})] })],
    ['an id that is too long', json({ value: [kb('1'.repeat(101))] })],
    ['rows that all lack an id', json({ value: [kb(null), kb('')] })],
    ['a next link that is no text', json({ value: [], '@odata.nextLink': 1 })],
    ['bytes that are no UTF-8', (_, response) => response.end(Buffer.from('{"value":[{"id":"\xff"}]}', 'latin1'))],
  ])('takes an answer of %s for no answer', async (_, step) => {
    expect(await faultOf(step)).toMatchObject({ kind: 'transient', code: 'malformedBody', status: 200 })
  })

  it.each([
    ['no rows where some are announced', { '@odata.count': 3, value: [] }],
    ['fewer rows than announced', { '@odata.count': '2', value: [kb('1')] }],
    ['more rows than announced', { '@odata.count': 0, value: [kb('1')] }],
  ])('takes an answer of %s for no answer', async (_, body) => {
    expect(await faultOf(json(body))).toMatchObject({ kind: 'transient', code: 'countContradicted' })
  })

  it.each([
    ['of the page', 1],
    ['of all pages', 2],
    ['that is none', 'many'],
  ])('takes a count %s on the last page', async (_, count) => {
    const pages = [
      { '@odata.count': count, value: [kb('1')], '@odata.nextLink': '?page=2' },
      { '@odata.count': count, value: [kb('2')] },
    ]
    const { client } = await setting({ steps: pages.map((page) => json(page)) })
    expect(await client.missingKbs(ID, async () => true)).toMatchObject({ kind: 'observed', kbs: [{ kbId: '1' }, { kbId: '2' }] })
  })

  it.each<[number, string, string]>([
    [400, 'refused', 'BadRequest'],
    [401, 'unauthorized', 'Unauthorized'],
    [403, 'forbidden', 'Forbidden'],
    [404, 'transient', 'ResourceNotFound'],
    [405, 'refused', 'x'],
    [408, 'transient', 'x'],
    [410, 'refused', 'x'],
    [429, 'throttled', 'TooManyRequests'],
    [500, 'transient', 'InternalServerError'],
    [503, 'transient', 'x'],
  ])('takes a %i for %s, with the code, text and tracking id of Defender', async (code, kind, word) => {
    const fault = await faultOf(
      json({ error: { code: word, message: 'Missing application roles. API required roles: Software.Read.All', target: 'abc' } }, code),
    )
    expect(fault).toMatchObject({
      kind,
      status: code,
      code: word,
      detail: expect.stringContaining('Software.Read.All') as unknown,
      target: 'abc',
    })
  })

  it.each<[string, Step]>([
    ['a page of HTML', status(403, '<html>blocked</html>', { 'content-type': 'text/html' })],
    ['nothing', status(403)],
    ['nothing', status(401)],
    ['other JSON', json({ statusCode: 401, message: 'Access denied' }, 401)],
    ['an error without a code', json({ error: {} }, 403)],
    ['half of its JSON', breakOff('{"error":{"code":"Forbidden"', 'close', 403)],
  ])('takes a refusal with %s for that of something between', async (_, step) => {
    expect(await faultOf(step)).toMatchObject({ kind: 'transient', code: expect.stringMatching(/^http40[13]$/) as unknown })
  })

  it('says whether a refusal names a role', async () => {
    const refusal = (code: number, message: string) => faultOf(json({ error: { code: 'Forbidden', message } }, code))
    const missing = 'Missing application roles. API required roles: Machine.Read.All, application roles: Software.Read.All.'
    expect(await refusal(403, missing)).toMatchObject({ kind: 'forbidden', namesRole: true })
    expect(await refusal(403, 'not for this machine')).not.toHaveProperty('namesRole')
    expect(await refusal(401, 'Unauthorized request - reason of failure: No Tvm license')).not.toHaveProperty('namesRole')
    expect(await refusal(500, missing)).not.toHaveProperty('namesRole')
  })

  it('decides by the status, not by the code in the body', async () => {
    expect(await faultOf(json({ error: { code: '429', message: 'x' } }, 500))).toMatchObject({ kind: 'transient' })
    expect(await faultOf(json({ error: { code: 'NotFound', message: 'x' } }, 429))).toMatchObject({ kind: 'throttled' })
  })

  it('describes a gateway page without quoting it', async () => {
    const fault = await faultOf(status(502, '<html><h1>Bad gateway</h1></html>', { 'content-type': 'text/html; charset=utf-8' }))
    expect(fault).toEqual({ kind: 'transient', status: 502, code: 'http502', detail: 'HTTP 502 with a text/html body' })
  })

  it('follows no redirect', async () => {
    const other = await startScriptedServer(json({ value: [] }))
    expect(await faultOf(status(302, '', { location: other.url }))).toMatchObject({ kind: 'transient', code: 'http302' })
    expect(other.log).toEqual([])
  })

  it('takes a connection that is reset or refused for a transient fault', async () => {
    expect(await faultOf(reset)).toMatchObject({ kind: 'transient', code: 'connectionFailed' })
    const outside = recordingOutside(NOW)
    const token: TokenSource = { get: async () => ({ kind: 'token', token: TOKEN }), refuse: () => {} }
    const client = createDefenderClient({ apiUrl: 'http://127.0.0.1:1', concurrency: 1, token, outside })
    expect(await client.missingKbs(ID, never)).toMatchObject({ kind: 'fault', fault: { kind: 'transient', code: 'connectionFailed' } })
    await client.close()
  })

  it('takes a body that breaks off for no answer, even if what came is complete JSON', async () => {
    expect(await faultOf(breakOff('{"value":[]}', 'close'))).toMatchObject({ kind: 'transient', code: 'connectionFailed' })
  })

  it('keeps the status of an error whose body breaks off', async () => {
    expect(await faultOf(breakOff('{"error":', 'close', 429))).toMatchObject({ kind: 'throttled', retryAfterSeconds: 60 })
  })

  it('gives up a call without headers, or with half a body, after its time', async () => {
    expect(await faultOf(hang, 50)).toEqual({ kind: 'transient', code: 'timeout', detail: 'no complete answer in time' })
    expect(await faultOf(breakOff('{"value":[', 'hang'), 50)).toMatchObject({ kind: 'transient', code: 'timeout' })
  })

  it('gives up a body that is too large, and goes on with the next call', async () => {
    const chunk = ' '.repeat(8 * 1024 * 1024)
    const flood: Step = (_, response) => {
      let written = 0
      const more = () => {
        while (written <= DEFENDER_POLICY.answers.missingKbs.bytes) {
          written += chunk.length
          if (!response.write(chunk)) return response.once('drain', more)
        }
        return response.end()
      }
      more()
    }
    const { client } = await setting({ steps: [flood, json({ value: [] })] })
    expect(await client.missingKbs(ID, never)).toMatchObject({
      fault: { kind: 'transient', code: 'malformedBody', detail: expect.stringContaining('larger') as unknown },
    })
    expect(await client.missingKbs(ID, never)).toMatchObject({ kind: 'observed' })
  })

  it.each<[string, string | undefined, string, number]>([
    ['the seconds of Retry-After', '37', 'maximum allowed 45 per 00:01:00', 37],
    ['the date of Retry-After', 'Tue, 10 Mar 2026 02:01:30 GMT', '', 90],
    ['the minute of the message', undefined, 'API calls quota exceeded! maximum allowed 45 per 00:01:00', 60],
    ['a quarter of the hour of the message', 'soon', 'API calls quota exceeded! maximum allowed 1500 per 01:00:00', 900],
    ['a minute if nothing is said', undefined, 'quota exceeded', 60],
  ])('waits after a 429 for %s', async (_, retryAfter, message, seconds) => {
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
    expect(await faultOf(json({ error: { code: '429', message } }, 429, headers))).toMatchObject({
      kind: 'throttled',
      retryAfterSeconds: seconds,
    })
  })

  it('tells the token source of a 401, and makes no second attempt', async () => {
    const { client, server, refused } = await setting({
      steps: [json({ error: { code: 'Unauthorized', message: 'No Tvm license' } }, 401)],
    })
    expect(await client.missingKbs(ID, never)).toMatchObject({ fault: { kind: 'unauthorized', detail: 'No Tvm license' } })
    expect(refused).toEqual([TOKEN])
    expect(server.headers).toHaveLength(1)
  })

  it('shows the token nowhere, even if a proxy echoes it', async () => {
    const echo: Step = (request, response) => {
      const text = `refused ${request.headers.authorization} (${TOKEN})`
      json({ error: { code: TOKEN, message: text, target: TOKEN } }, 400)(request, response)
    }
    expect((await faultOf(echo)).detail).toContain('[token]')
  })

  it('makes no call without a token', async () => {
    const server = await startScriptedServer()
    const fault = { kind: 'unauthorized', code: 'credentialUnavailable', detail: 'x' } as const
    const token: TokenSource = { get: async () => ({ kind: 'fault', fault }), refuse: () => {} }
    const client = createDefenderClient({ apiUrl: server.url, concurrency: 1, token, outside: recordingOutside(NOW) })
    expect(await client.missingKbs(ID, never)).toEqual({ kind: 'fault', fault })
    expect(server.log).toEqual([])
    await client.close()
  })

  it('cannot be led elsewhere by a machine id', async () => {
    const { client, server } = await setting({ steps: [json({ value: [] })] })
    await client.missingKbs('../../x?y#z', never)
    expect(server.log[0]).toBe('START GET /api/machines/..%2F..%2Fx%3Fy%23z/getmissingkbs')
  })

  it('keeps to its number of connections, and uses them again', async () => {
    const { client, server } = await setting({ steps: Array.from({ length: 20 }, () => json({ value: [] })), concurrency: 2 })
    const results = await Promise.all(Array.from({ length: 20 }, () => client.missingKbs(ID, never)))
    expect(results.every(({ kind }) => kind === 'observed')).toBe(true)
    expect(server.connections).toBe(2)
  })
})

describe('the pages of missingKbs', () => {
  const page = (ids: string[], next?: string) =>
    json({ value: ids.map((id) => kb(id)), ...(next === undefined ? {} : { '@odata.nextLink': next }) })

  it('are followed, each for another call of the budget', async () => {
    const { client, server } = await setting({
      steps: [page(['1'], `${KBS}?$skiptoken=a`), page([], `${KBS}?$skiptoken=b`), page(['2', '1'])],
    })
    let calls = 0
    const result = await client.missingKbs(ID, async () => {
      calls += 1
      return true
    })
    expect(result).toMatchObject({ kind: 'observed', kbs: [{ kbId: '1' }, { kbId: '2' }] })
    expect(calls).toBe(2)
    expect(server.log.filter((line) => line.startsWith('START'))).toEqual([
      `START GET ${KBS}`,
      `START GET ${KBS}?$skiptoken=a`,
      `START GET ${KBS}?$skiptoken=b`,
    ])
  })

  it('are no answer if the budget ends before them', async () => {
    const { client, server } = await setting({ steps: [page(['1'], `${KBS}?$skiptoken=a`)] })
    expect(await client.missingKbs(ID, never)).toMatchObject({ fault: { kind: 'transient', code: 'pagesCutOff' } })
    expect(server.headers).toHaveLength(1)
  })

  it('are no answer if they name more than can be kept', async () => {
    const many = (count: number) => page(Array.from({ length: count }, (_, index) => String(6_000_000 + index)))
    const { client } = await setting({ steps: [many(5_000), many(1_000)] })
    expect(await client.missingKbs(ID, never)).toMatchObject({ fault: { kind: 'transient', code: 'answerTooLarge' } })
    expect(await client.missingKbs(ID, never)).toMatchObject({ kind: 'observed' })
  })

  it('are no answer if one of them fails', async () => {
    const { client } = await setting({ steps: [page(['1'], `${KBS}?$skiptoken=a`), status(500)] })
    expect(await client.missingKbs(ID, always)).toMatchObject({ fault: { kind: 'transient', code: 'http500' } })
  })

  it.each<[string, Step[]]>([
    ['link to themselves', [page(['1'], KBS)]],
    ['link in a circle', [page(['1'], `${KBS}?a`), page(['2'], KBS)]],
    ['bring the same again under new links', [page(['1', '2'], `${KBS}?a`), page(['2'], `${KBS}?b`)]],
    ['never end', Array.from({ length: DEFENDER_POLICY.mostPages + 1 }, (_, index) => page([], `${KBS}?${index}`))],
  ])('are no answer if they %s', async (_, steps) => {
    const { client } = await setting({ steps })
    expect(await client.missingKbs(ID, always)).toMatchObject({ fault: { kind: 'transient', code: 'pageLoop' } })
  })

  it.each([
    ['another host', (url: string) => url],
    ['the same host without a scheme', (url: string) => url.replace('http:', '')],
    ['another host disguised as a user', (url: string, own: string) => `${own}@${new URL(url).host}/x`],
    ['another scheme', (_: string, own: string) => own.replace('http:', 'https:')],
    ['a file', () => 'file:///etc/passwd'],
  ])('get no request and no token on %s', async (_, link) => {
    const foreign = await startScriptedServer(page(['2']))
    const linking: Step = (request, response) => page(['1'], link(foreign.url, `http://${request.headers.host}`))(request, response)
    const { client, server } = await setting({ steps: [linking] })
    expect(await client.missingKbs(ID, always)).toMatchObject({ fault: { kind: 'transient', code: 'foreignNextLink' } })
    expect(foreign.log).toEqual([])
    expect(foreign.connections).toBe(0)
    expect(server.headers).toHaveLength(1)
  })
})
