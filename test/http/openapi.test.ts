import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Azurite, startAzurite } from '../../dev/azurite.ts'
import { routes } from '../../src/http/index.ts'
import { type Api, createApi } from '../support/api.ts'
import { openapiDocument } from '../support/openapi.ts'
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
    expect(json).toMatchObject({ openapi: '3.1.1', info: { version: '0.1.0' }, servers: [{ url: 'https://patchtrail.example/api' }] })
    expect(JSON.stringify(json)).not.toContain('KEY')
  })

  it('describes every route, and refers to nothing that is not there', () => {
    expect(Object.keys(openapiDocument.paths).sort()).toEqual(routes.map(({ path }) => `/${path}`).sort())
    const schemas = (openapiDocument['components'] as { schemas: Record<string, unknown> }).schemas
    const references = [...JSON.stringify(openapiDocument).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '')
    expect(references.filter((name) => !(name in schemas))).toEqual([])
    expect(Object.keys(schemas)).toEqual(expect.arrayContaining(['Problem', 'Snapshot', 'SnapshotRef', 'Change', 'Machine', 'Kb', 'Interval']))
    expect(JSON.stringify(schemas['diffs200'])).toContain('#/components/schemas/Change')
  })

  it('says of every parameter what it is', () => {
    for (const [path, operations] of Object.entries(openapiDocument.paths)) {
      for (const operation of Object.values(operations) as unknown as { parameters: Parameter[] }[]) {
        for (const parameter of operation.parameters) {
          expect(parameter.description, `${path} ${parameter.name}`).toMatch(/\.$/)
          expect(parameter.required, `${path} ${parameter.name}`).toBe(parameter.in === 'path')
        }
      }
    }
    const diffs = (openapiDocument.paths['/diffs']?.['get'] as unknown as { parameters: Parameter[] }).parameters
    expect(diffs.find(({ name }) => name === 'limit')?.schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 10_000 })
    expect(diffs.find(({ name }) => name === 'change')?.schema).toMatchObject({ enum: ['appeared', 'resolved'] })
  })
})
