import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { parse } from '@sap-ux/edmx-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTenant } from '../../src/open-tenant.ts'
import { type Azurite, startAzurite } from '../../dev/azurite.ts'
import { type FunctionApp, type Listening, loadFunctionApp } from '../../dev/host/index.ts'
import type { FeedRow } from '../../src/feed/filter/value.ts'
import { entitySets, NAMESPACE } from '../../src/feed/model.ts'
import { TENANT } from '../support/api.ts'
import { openFeed, POWER_QUERY_HEADERS, sorted } from './feed.ts'
import { type History, writeHistory } from './history.ts'

const KEY = 'a-function-key'
const before = { ...process.env }

let azurite: Azurite
let app: FunctionApp
let listening: Listening
let history: History

beforeAll(async () => {
  azurite = await startAzurite()
  Object.assign(process.env, { DEFENDER_TENANT_ID: TENANT, STORAGE_CONNECTION_STRING: azurite.connectionString })
  history = await writeHistory(openTenant(openFeed(azurite.connectionString).services).store, TENANT)
  app = await loadFunctionApp({ main: new URL('../../functions/index.ts', import.meta.url).href, keys: { functions: { odata: KEY } } })
  listening = await app.listen({ port: 0 })
})
afterAll(async () => {
  await app.terminate()
  await azurite.close()
  process.env = before
})

/** An answer, byte for byte, with its head as it came. */
async function raw(path: string, headers: readonly string[], method = 'GET') {
  const { port, hostname } = new URL(listening.url)
  const socket = connect(Number(port), hostname)
  socket.write([`${method} ${path} HTTP/1.1`, `Host: ${hostname}:${port}`, 'Connection: close', ...headers, '', ''].join('\r\n'))
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  const bytes = Buffer.concat(chunks)
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...headerLines] = bytes.subarray(0, end).toString().split('\r\n')
  const isChunked = headerLines.some((line) => /^transfer-encoding: chunked$/i.test(line))
  const body = isChunked ? unchunk(bytes.subarray(end + 4)) : bytes.subarray(end + 4)
  const isGzip = headerLines.some((line) => /^content-encoding: gzip$/i.test(line))
  return {
    status: Number(statusLine.split(' ')[1]),
    headerLines,
    isGzip,
    text: (isGzip && body.length > 0 ? gunzipSync(body) : body).toString(),
  }
}

function unchunk(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let position = 0; ;) {
    const end = bytes.indexOf('\r\n', position)
    const size = Number.parseInt(bytes.subarray(position, end).toString(), 16)
    if (!(size > 0)) return Buffer.concat(parts)
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    position = end + 2 + size + 2
  }
}

const AS_POWER_QUERY = Object.entries(POWER_QUERY_HEADERS).map(([name, value]) => `${name}: ${value}`)

describe('Power Query, by the headers it was seen to send, through the host', () => {
  it.each([
    '/api/odata',
    '/api/odata/',
    '/api/odata/$metadata',
    '/api/odata/MissingKbs',
    '/api/odata/MissingKbs/$count',
    "/api/odata/Kbs('5000037')",
  ])('%s is answered with one version, one content type, and a body it can read', async (path) => {
    const { status, headerLines, text } = await raw(`${path}?code=${KEY}`, AS_POWER_QUERY)
    expect(status).toBe(200)
    const named = (name: string) => headerLines.filter((line) => line.toLowerCase().startsWith(`${name}:`))
    expect(named('odata-version').map((line) => line.toLowerCase())).toEqual(['odata-version: 4.0'])
    expect(named('content-type')).toHaveLength(1)
    const expected = path.endsWith('$metadata')
      ? 'application/xml'
      : path.endsWith('$count')
        ? 'text/plain'
        : 'application/json;odata.metadata=minimal;'
    expect(named('content-type')[0]).toContain(expected)
    if (expected.startsWith('application/json')) {
      expect(text.startsWith(`{"@odata.context":"${listening.url}/api/odata/$metadata`)).toBe(true)
      expect(text).not.toContain(KEY)
    }
  })

  it('the preview, a refresh of a partition and a filter of the editor are folded, in both encodings', async () => {
    const values = async (query: string) => {
      const { status, text, isGzip } = await raw(`/api/odata/Changes?code=${KEY}&${query}`, AS_POWER_QUERY)
      expect([status, isGzip]).toEqual([200, true])
      return (JSON.parse(text) as { value: FeedRow[] }).value
    }
    const inRange = history.rows.Changes.filter((row) => String(row['at']) >= '2026-05-31' && String(row['at']) < '2026-06-02')
    expect((await values('$top=1000')).length).toBe(history.rows.Changes.length)
    expect(sorted(await values('$filter=at%20ge%202026-05-31T00:00:00Z%20and%20at%20lt%202026-06-02T00:00:00Z&$top=1000'))).toEqual(
      sorted(inRange),
    )
    expect(
      sorted(await values('%24filter=at%20ge%202026-05-31T02%3A00%3A00%2B02%3A00%20and%20at%20lt%202026-06-02T02%3A00%3A00%2B02%3A00')),
    ).toEqual(sorted(inRange))
    const selected = await values("$filter=change%20eq%20'resolved'&$select=machineId%2CkbId")
    expect(selected.map((row) => Object.keys(row).join())).toEqual(selected.map(() => 'machineId,kbId'))
  })

  it('headers that come twice are read as one list; a duplicate option is refused', async () => {
    const twice = await raw(`/api/odata/Kbs?code=${KEY}`, [
      'Accept: application/atom+xml',
      'accept: application/json',
      'Prefer: odata.maxpagesize=2',
      'prefer: omit-values=nulls',
      'OData-MaxVersion: 4.0',
      'odata-maxversion: 4.0',
    ])
    expect([twice.status, (JSON.parse(twice.text) as { value: unknown[] }).value.length]).toEqual([200, 2])
    expect((await raw(`/api/odata/Kbs?code=${KEY}&$top=1&%24top=2`, [])).status).toBe(400)
    expect((await raw(`/api/odata/Kbs?code=${KEY}&$top=1&$top=1`, [])).status).toBe(400)
  })

  it('HEAD has no body, and no key is no answer, on any path', async () => {
    const head = await raw(`/api/odata/MissingKbs?code=${KEY}`, AS_POWER_QUERY, 'HEAD')
    expect([head.status, head.text]).toEqual([200, ''])
    for (const path of ['/api/odata', '/api/odata/', '/api/odata/$metadata', '/api/odata/Kbs', '/api/odata/Kbs/$count']) {
      expect((await raw(path, AS_POWER_QUERY)).status).toBe(401)
      expect((await raw(path, [...AS_POWER_QUERY, `x-functions-key: ${KEY}`])).status).toBe(200)
    }
  })

  it('follows links that carry no key to the end', async () => {
    const rows: FeedRow[] = []
    for (let path: string | undefined = '/api/odata/MissingKbs?$filter=not%20isOpen'; path !== undefined;) {
      const { text } = await raw(path, [...AS_POWER_QUERY, `x-functions-key: ${KEY}`, 'Prefer: odata.maxpagesize=20'])
      const { value, '@odata.nextLink': next } = JSON.parse(text) as { value: FeedRow[]; '@odata.nextLink'?: string }
      rows.push(...value)
      path = next?.replace(listening.url, '')
    }
    expect(sorted(rows)).toEqual(sorted(history.rows.MissingKbs.filter(({ isOpen }) => isOpen === false)))
  })
})

describe('other readers', () => {
  const metadata = async () => (await raw(`/api/odata/$metadata?code=${KEY}`, [])).text

  it('@sap-ux/edmx-parser reads the metadata as the sets are', async () => {
    const { version, schema } = parse(await metadata()) as unknown as ParsedEdmx
    expect([version, schema.namespace]).toEqual(['4.0', NAMESPACE])
    expect(schema.entitySets.map(({ name, entityTypeName }) => [name, entityTypeName])).toEqual(
      entitySets.map(({ name, typeName }) => [name, `${NAMESPACE}.${typeName}`]),
    )
    for (const set of entitySets) {
      const type = schema.entityTypes.find(({ name }) => name === set.typeName)
      expect(type?.keys.map(({ name }) => name)).toEqual(set.key)
      const properties = type?.entityProperties.map(({ name, type: edmType, nullable, precision }) => [
        name,
        edmType,
        nullable !== false,
        precision,
      ])
      expect(properties).toEqual(
        set.properties.map(({ name, type: edmType, nullable }) => [
          name,
          edmType,
          nullable,
          edmType === 'Edm.DateTimeOffset' ? 7 : undefined,
        ]),
      )
    }
  })

  it('odata2ts makes a client from the metadata, and the client reads what it asks for', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'patchtrail-'))
    try {
      await writeFile(join(folder, 'metadata.xml'), await metadata())
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { module: 'commonjs', target: 'es2022' } }))
      await symlink(resolve('node_modules'), join(folder, 'node_modules'))
      const generator = resolve('node_modules/@odata2ts/odata2ts/lib/run-cli.js')
      await promisify(execFile)(process.execPath, [generator, '-s', 'metadata.xml', '-o', 'client', '-m', 'all', '-e', 'js'], {
        cwd: folder,
      })
      const { PatchtrailService } = (await import(
        pathToFileURL(join(folder, 'client/PatchtrailService.js')).href
      )) as unknown as GeneratedClient
      const service = new PatchtrailService(fetchClient, `${listening.url}/api/odata`)
      // It does not double quotes by itself.
      const asked = await service.MissingKbs().query((builder, missingKb) =>
        builder
          .select('machineId', 'kbId', 'isOpen')
          .filter(missingKb.isOpen.eq(true).and(missingKb.kbId.ne("it''s")))
          .count(true)
          .top(10),
      )
      const expected = history.rows.MissingKbs.filter(({ isOpen, kbId }) => isOpen === true && kbId !== "it's")
      expect(asked.data).toMatchObject({ '@odata.count': expected.length })
      expect(asked.data.value).toHaveLength(10)
      expect(
        asked.data.value.every((row) => expected.some(({ machineId, kbId }) => row['machineId'] === machineId && row['kbId'] === kbId)),
      ).toBe(true)
      const total = history.rows.KbTotals[7] ?? {}
      const one = await service.KbTotals({ snapshotId: String(total['snapshotId']), kbId: String(total['kbId']) }).query()
      expect(one.data).toMatchObject(total)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

/** What is used of the code that odata2ts makes. */
interface GeneratedClient {
  PatchtrailService: new (
    client: unknown,
    url: string,
  ) => {
    MissingKbs(): {
      query(build: (builder: Builder, q: Record<'isOpen' | 'kbId', Condition>) => unknown): Promise<{ data: { value: FeedRow[] } }>
    }
    KbTotals(key: { snapshotId: string; kbId: string }): { query(): Promise<{ data: FeedRow }> }
  }
}
interface Builder {
  select(...names: string[]): Builder
  filter(condition: unknown): Builder
  count(wanted: boolean): Builder
  top(rows: number): Builder
}
/** What is looked at of @sap-ux/edmx-parser's answer, whose types are in a package of their own. */
interface ParsedEdmx {
  version: string
  schema: {
    namespace: string
    entitySets: { name: string; entityTypeName: string }[]
    entityTypes: {
      name: string
      keys: { name: string }[]
      entityProperties: { name: string; type: string; nullable?: boolean; precision?: number }[]
    }[]
  }
}
interface Condition {
  eq(value: unknown): { and(other: unknown): unknown }
  ne(value: unknown): unknown
}

/** The HTTP side of odata2ts: what it asks for, with the key in its header. */
const fetchClient = {
  async get(url: string) {
    const response = await fetch(url, { headers: { accept: 'application/json', 'x-functions-key': KEY } })
    const text = await response.text()
    if (!response.ok) throw new Error(`${url} ${response.status} ${text}`)
    return { status: response.status, data: JSON.parse(text) as unknown }
  },
}
