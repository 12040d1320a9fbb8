import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Azurite, startAzurite } from '../../dev/azurite.ts'
import { routes } from '../../src/http/routes/route-list.ts'
import { type Api, createApi } from '../support/api.ts'
import { expectDescribed, openapiDocument } from '../support/openapi.ts'
import { recordingOutside } from '../support/recording-outside.ts'

let azurite: Azurite
let api: Api

beforeAll(async () => {
  azurite = await startAzurite()
  api = createApi({ STORAGE_CONNECTION_STRING: azurite.connectionString }, recordingOutside(0))
})
afterAll(() => azurite.close())

interface Parameter {
  name: string
  in: string
  required: boolean
  description?: string
  schema: Record<string, unknown>
}

describe('openapi.json', () => {
  it('is served as the answers are checked against', async () => {
    const { status, json } = await api.call('/api/openapi.json?code=KEY')
    expect(status).toBe(200)
    expect(json).toEqual({ ...openapiDocument, info: json['info'] })
    expect(json).toMatchObject({ openapi: '3.1.1', info: { version: '0.2.0' }, servers: [{ url: 'https://patchtrail.example/api' }] })
    expect(JSON.stringify(json)).not.toContain('KEY')
  })

  it('describes every route, and refers to nothing that is not there', () => {
    expect(Object.keys(openapiDocument.paths).sort()).toEqual([...new Set(routes.map(({ path }) => `/${path}`))].sort())
    const schemas = (openapiDocument['components'] as { schemas: Record<string, unknown> }).schemas
    const references = [...JSON.stringify(openapiDocument).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name ?? '',
    )
    expect(references.filter((name) => !(name in schemas))).toEqual([])
    expect(Object.keys(schemas)).toEqual(
      expect.arrayContaining(['Problem', 'Snapshot', 'SnapshotRef', 'Change', 'Machine', 'Kb', 'Interval']),
    )
    expect(JSON.stringify(schemas['diffs200'])).toContain('#/components/schemas/Change')
  })

  it('says of every parameter what it is', () => {
    for (const [path, operations] of Object.entries(openapiDocument.paths)) {
      for (const operation of Object.values(operations) as unknown as { parameters: Parameter[] }[]) {
        for (const parameter of operation.parameters) {
          expect(parameter.description, `${path} ${parameter.name}`).toMatch(/\.$/)
          expect(parameter.required, `${path} ${parameter.name}`).toBe(
            parameter.in === 'path' || (path === '/search' && parameter.name === 'q'),
          )
        }
      }
    }
    const diffs = (openapiDocument.paths['/diffs']?.['get'] as unknown as { parameters: Parameter[] }).parameters
    expect(diffs.find(({ name }) => name === 'limit')?.schema).toMatchObject({
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      default: 1000,
    })
    expect(diffs.find(({ name }) => name === 'change')?.schema).toMatchObject({ enum: ['appeared', 'resolved'] })
  })

  it('says what counts where a parameter is left out', () => {
    const defaultsOf = (path: string) => {
      const { parameters } = openapiDocument.paths[path]?.['get'] as unknown as { parameters: Parameter[] }
      return Object.fromEntries(parameters.flatMap(({ name, schema }) => ('default' in schema ? [[name, schema['default']]] : [])))
    }
    expect(defaultsOf('/diffs')).toEqual({ from: 'previous', to: 'latest', mode: 'net', limit: 1000 })
    expect(defaultsOf('/diffs/summary')).toEqual({ from: 'previous', to: 'latest', mode: 'net', groupBy: ['kb'] })
    expect(defaultsOf('/machines/{machineId}/missing-kbs')).toEqual({ at: 'latest' })
    expect(defaultsOf('/snapshots')).toEqual({ limit: 100 })
  })

  it('describes HEAD wherever GET is, without bodies, and names no operation twice', () => {
    const names: string[] = []
    for (const [path, operations] of Object.entries(openapiDocument.paths)) {
      names.push(...Object.values(operations).map((operation) => (operation as unknown as { operationId: string }).operationId))
      const { get, head } = operations
      expect(Object.keys(head?.responses ?? {}), path).toEqual(Object.keys(get?.responses ?? {}))
      expect(JSON.stringify(head ?? {}), path).not.toContain('"content"')
    }
    expect(names).toContain('diffsHead')
    expect(new Set(names).size).toBe(names.length)
  })

  it('tells where the next page, the snapshot asked for and the one that is running are to be found', () => {
    expect(openapiDocument.paths['/diffs']?.['get']?.responses['200']?.headers).toHaveProperty('Link')
    const { responses } = openapiDocument.paths['/sync']?.['post'] ?? { responses: {} }
    expect(Object.keys(responses['202']?.headers ?? {})).toEqual(['Location', 'Retry-After'])
    expect(Object.keys(responses['503']?.headers ?? {})).toEqual(['Retry-After'])
    const schemas = (openapiDocument['components'] as { schemas: Record<string, { required?: string[] }> }).schemas
    expect(schemas['sync409']?.required).toEqual(expect.arrayContaining(['type', 'detail', 'snapshotId', 'statusUrl']))
    expect(Object.keys(responses['409']?.content ?? {})).toEqual(['application/problem+json'])
  })

  it('tells where history begins when a diff cannot be answered', () => {
    const { schemas } = openapiDocument['components'] as { schemas: Record<string, { required?: string[] }> }
    for (const path of ['/diffs', '/diffs/summary']) {
      const content = openapiDocument.paths[path]?.['get']?.responses['410']?.content ?? {}
      const gone = content['application/problem+json'] as { schema: { $ref: string } } | undefined
      expect(schemas[gone?.schema.$ref.split('/').at(-1) ?? '']?.required).toContain('oldestSnapshotId')
    }
  })

  it('has what generators of clients and linters ask for: a licence, a contact, tags, descriptions, and content in every refusal', () => {
    expect(openapiDocument['info']).toMatchObject({ license: { identifier: 'MIT' }, contact: { name: expect.any(String) as string } })
    const tags = (openapiDocument['tags'] as { name: string; description: string }[]).map(({ name }) => name)
    for (const [path, { get, post }] of Object.entries(openapiDocument.paths)) {
      const operation = get ?? post
      expect(tags, path).toEqual(expect.arrayContaining(operation?.tags ?? []))
      expect(operation?.tags, path).toHaveLength(1)
      expect(operation?.description, path).toMatch(/\.$/)
      for (const [status, { content }] of Object.entries(operation?.responses ?? {})) {
        // One media type a status: of several a generated client makes one type that fits none.
        expect(Object.keys(content ?? {}), `${path} ${status}`).toHaveLength(status === '304' ? 0 : 1)
      }
    }
    expect(openapiDocument.paths['/diffs']?.['get']?.description).toContain('text/csv')
  })

  it('lets fields be added to answers', () => {
    expect(JSON.stringify(openapiDocument['components'])).not.toContain('"additionalProperties":false')
  })

  describe('as every answer of the tests is checked against', () => {
    const machines = { path: 'machines', name: 'machines' }
    const sync = { path: 'sync', name: 'sync' }
    const reply = (status: number, json: unknown, headers: Record<string, string> = {}) => ({
      status,
      json,
      headers: new Headers({ 'content-type': 'application/json; charset=utf-8', ...headers }),
    })
    const asked = {
      snapshotId: '20260612T020000Z',
      tenantId: 'x',
      status: 'pending',
      statusUrl: 'https://patchtrail.example/api/snapshots/20260612T020000Z',
    }
    const told = { location: asked.statusUrl, 'retry-after': '60' }

    it('takes an answer that is described', () => {
      expect(() => expectDescribed(machines, 'GET', reply(200, { machines: [] }))).not.toThrow()
      expect(() => expectDescribed(sync, 'POST', reply(202, asked, told))).not.toThrow()
    })

    it.each([
      ['a field that is not described', () => expectDescribed(machines, 'GET', reply(200, { machines: [], more: 1 }))],
      ['a field that is missing', () => expectDescribed(machines, 'GET', reply(200, {}))],
      ['a field of another type', () => expectDescribed(machines, 'GET', reply(200, { machines: [{ machineId: 7 }] }))],
      ['a status that is not described', () => expectDescribed(machines, 'GET', reply(418, {}))],
      ['a method that is not described', () => expectDescribed(machines, 'POST', reply(200, { machines: [] }))],
      ['a header that is not described', () => expectDescribed(machines, 'GET', reply(200, { machines: [] }, { location: 'x' }))],
      ['a header that is missing', () => expectDescribed(sync, 'POST', reply(202, asked, { location: asked.statusUrl }))],
      ['a header that is missing, of HEAD', () => expectDescribed(machines, 'HEAD', reply(503, undefined))],
    ])('fails for %s', (_case, check) => {
      expect(check).toThrow()
    })
  })
})
