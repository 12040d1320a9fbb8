import { createServer, type IncomingMessage } from 'node:http'
import { HttpRequest } from '@azure/functions'
import { describe, expect, it, onTestFinished } from 'vitest'
import { oneTenantOf } from '../../dev/one-tenant.ts'
import { cutOff, listenOnLoopback } from '../../dev/loopback.ts'
import { syncRoute } from '../../src/http/routes/sync.ts'
import { createProgram } from '../../src/program.ts'
import { openStore } from '../../src/store/index.ts'
import { tick } from '../../src/sync/index.ts'
import { recordingOutside } from '../support/recording-outside.ts'
import { STORE_OPTIONS } from '../support/stores.ts'
import { openClient } from '../support/table-services.ts'

const TENANT = '11111111-2222-3333-4444-555555555555'
const odataError = (code: string) => JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: code } } })

interface Refusal {
  status: number
  body: string
}

/** A program over something that is no Table service. */
async function startAgainst(answer: (request: IncomingMessage) => Refusal) {
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    // An endless loop would never let the test end.
    if (requests > 500) return request.socket.destroy()
    const { status, body } = answer(request)
    response.writeHead(status, { 'content-type': 'application/json', etag: 'W/"1"' }).end(body)
  })
  const url = await listenOnLoopback(server, 0)
  onTestFinished(() => cutOff(server))
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=${Buffer.from('key').toString('base64')};TableEndpoint=${url}/a;`
  const settings = { DEFENDER_TENANT_ID: TENANT, STORAGE_CONNECTION_STRING: connectionString }
  const program = createProgram(settings, recordingOutside(Date.parse('2026-06-12T02:00:00Z')))
  if (program.kind === 'broken') throw new Error(JSON.stringify(program.problems))
  program.services.store = openStore((name) => openClient(connectionString, name, STORE_OPTIONS), '')
  return { program, requests: () => requests }
}

const ANSWERS: Record<string, (request: IncomingMessage) => Refusal> = {
  'a 404 without a word': () => ({ status: 404, body: '' }),
  'a 404 of a row': () => ({ status: 404, body: odataError('ResourceNotFound') }),
  'a 404 of a table': () => ({ status: 404, body: odataError('TableNotFound') }),
  'a page of HTML': () => ({ status: 404, body: '<html>Not Found</html>' }),
  'yes to what is written, and does not have it': ({ method }) =>
    method === 'GET' ? { status: 404, body: odataError('ResourceNotFound') } : { status: 204, body: '' },
  'a row that someone else is always quicker to write': ({ method }) =>
    method === 'GET'
      ? { status: 200, body: JSON.stringify({ 'odata.etag': 'W/"1"', PartitionKey: 'tenant', RowKey: TENANT }) }
      : { status: 412, body: odataError('UpdateConditionNotSatisfied') },
}

describe.each(Object.entries(ANSWERS))('a storage endpoint that answers everything with %s', (name, answer) => {
  it('is told so after a few requests by POST /api/sync', async () => {
    const { program, requests } = await startAgainst(answer)
    const response = await syncRoute.serve(() => program)(new HttpRequest({ method: 'POST', url: 'https://host/api/sync' }))
    expect(response.status).toBe(503)
    expect(JSON.stringify(response.body)).toContain('storageUnavailable')
    expect(requests()).toBeLessThan(50)
  })

  it('ends a tick after a few requests', async () => {
    const { program, requests } = await startAgainst(answer)
    const ticked = tick(oneTenantOf(program))
    if (name.includes('quicker')) expect(await ticked).toEqual({ kind: 'idle' })
    else await expect(ticked).rejects.toThrow()
    expect(requests()).toBeLessThan(50)
  })
})
