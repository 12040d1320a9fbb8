import { createServer, request, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listenOnLoopback } from '../../dev/loopback.ts'
import { type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import { openStore } from '../../src/store/index.ts'
import { tableOpener } from '../../src/store/open-table.ts'
import { TENANT } from '../support/api.ts'
import { playHistory } from '../support/history-model.ts'
import { recordingOutside } from '../support/recording-outside.ts'
import { type ServedApp, serveApp } from '../support/served-app.ts'
import { writeHistory } from '../support/write-history.ts'

/** A machine in every bucket of changes, of which the last is read at the end. */
const MACHINES = [...'0123456789abcdef'].map((digit) => `${digit}0`)
const LAST_BUCKET = '|f'

let tables: RunningTableService
let front: Server
let served: ServedApp
const outside = recordingOutside(Date.parse('2026-06-08T00:00:00Z'))

/** What is done with a request for changes before it is let through; a status refuses it. */
let refuse: (query: string) => Promise<number | undefined>

beforeAll(async () => {
  tables = await startTableService()
  const target = new URL(tables.url)
  front = createServer((incoming, outgoing) => {
    const passed = { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers: incoming.headers }
    const isChanges = /\/changes\d+\(\)/.test(incoming.url ?? '')
    void (isChanges ? refuse(decodeURIComponent(incoming.url ?? '')) : Promise.resolve(undefined)).then((status) => {
      if (status !== undefined) return outgoing.writeHead(status).end()
      incoming.pipe(request(passed, (answer) => answer.pipe(outgoing.writeHead(answer.statusCode ?? 500, answer.headers))))
      return undefined
    })
  })
  const url = await listenOnLoopback(front, 0)
  const storage = { kind: 'connectionString', connectionString: tables.connectionString, tablePrefix: '' } as const
  const store = openStore(tableOpener(storage, noCredential), '').of(TENANT)
  await writeHistory(store, playHistory(MACHINES, [MACHINES.map(() => []), MACHINES.map(() => ['5094127', '5095051'])]))
  served = await serveApp({
    DEFENDER_TENANT_ID: TENANT,
    STORAGE_CONNECTION_STRING: tables.connectionString.replace(/TableEndpoint=http:\/\/[^/]+/, `TableEndpoint=${url}`),
  })
  served.useOutside(outside)
})

afterAll(async () => {
  await served.app.terminate()
  front.closeAllConnections()
  front.close()
  await tables.close()
})

const noCredential = () => {
  throw new Error('a key needs no credential')
}

const get = (query: string, headers: Record<string, string> = {}) =>
  fetch(`${served.url}/api/diffs?${query}`, {
    headers: { 'x-functions-key': 'the-key-of-the-host', 'accept-encoding': 'identity', ...headers },
  })

describe('a list that is sent while it is read', () => {
  it('is whole where all is well', async () => {
    refuse = async () => undefined
    const lines = (await (await get('format=ndjson')).text()).trimEnd().split('\n')
    expect(lines).toHaveLength(2 * MACHINES.length)
    const compressed = await get('format=ndjson', { 'accept-encoding': 'gzip' })
    expect([compressed.headers.get('content-encoding'), (await compressed.text()).trimEnd().split('\n')]).toEqual(['gzip', lines])
  })

  it.each(['csv', 'excel', 'ndjson'])('breaks the connection when the storage fails in the middle, as %s', async (format) => {
    outside.lines.length = 0
    let fail = () => {}
    const failing = new Promise<void>((resolve) => (fail = resolve))
    refuse = async (query) => {
      if (!query.includes(LAST_BUCKET)) return undefined
      await failing
      return 403
    }
    const response = await get(`format=${format}`)
    expect(response.status).toBe(200)
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(first?.done).toBe(false)
    fail()
    const readOn = async () => {
      while ((await reader?.read())?.done === false);
    }
    await expect(readOn()).rejects.toThrow()
    const logged = outside.lines.map((line) => JSON.parse(line) as unknown)
    expect(logged).toMatchObject([{ event: 'request.broken', route: 'diffs', error: 'RestError' }])
  })

  it('tells by a status what fails before its first rows', async () => {
    refuse = async () => 403
    for (const format of ['csv', 'excel', 'ndjson', 'json']) {
      const response = await get(`format=${format}`)
      expect([response.status, response.headers.get('content-type')]).toEqual([503, 'application/problem+json; charset=utf-8'])
    }
  })
})
