import type { HttpRequest } from '@azure/functions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oneTenantOf } from '../../dev/one-tenant.ts'
import { type RunningTableService, startTableService } from '../../dev/table-service/index.ts'
import { syncRoute } from '../../src/http/routes/sync.ts'
import { openTenant } from '../../src/open-tenant.ts'
import { createProgram, type Program } from '../../src/program.ts'
import { ORIGIN, TENANT } from '../support/api.ts'
import { recordingOutside } from '../support/recording-outside.ts'

let service: RunningTableService
let prefixes = 0

beforeAll(async () => {
  service = await startTableService()
})
afterAll(() => service.close())

/** A program over tables of its own. */
function programOfItsOwn(): Program & { kind: 'ready' } {
  const environment = {
    DEFENDER_TENANT_ID: TENANT,
    STORAGE_CONNECTION_STRING: service.connectionString,
    TABLE_PREFIX: `w${(prefixes += 1)}`,
  }
  const program = createProgram(environment, recordingOutside(Date.parse('2026-06-12T02:00:00Z')))
  if (program.kind === 'broken') throw new Error(JSON.stringify(program.problems))
  return program
}

/** A request whose body comes bit by bit, as from a host with HTTP streams. */
function requestInPieces() {
  let piece: ReadableStreamDefaultController<Uint8Array> | undefined
  let isCancelled = false
  let wanted: () => void = () => undefined
  const isWanted = new Promise<void>((resolve) => (wanted = resolve))
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => (piece = controller),
      pull: () => wanted(),
      cancel: () => {
        isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  const request = { method: 'POST', url: `${ORIGIN}/api/sync`, headers: new Headers(), params: {}, body } as unknown as HttpRequest
  return {
    request,
    isWanted,
    isCancelled: () => isCancelled,
    send: (bytes: number) => piece?.enqueue(new Uint8Array(bytes)),
    end: () => piece?.close(),
    breakOff: () => piece?.error(new Error('aborted')),
  }
}

describe('a request with a body', () => {
  it('does nothing before the body is whole', async () => {
    const program = programOfItsOwn()
    const { store } = openTenant(oneTenantOf(program))
    const { request, isWanted, send, end } = requestInPieces()
    const answer = syncRoute.serve(() => program)(request)
    await isWanted
    send(5)
    expect(await store.tenant.get()).toBeUndefined()
    end()
    expect(await answer).toMatchObject({ status: 202 })
    expect((await store.tenant.get())?.tenant.activeSnapshotId).toBe('20260612T020000Z')
  })

  it('does nothing where the body breaks off', async () => {
    const program = programOfItsOwn()
    const { request, send, breakOff, isWanted } = requestInPieces()
    const answer = syncRoute.serve(() => program)(request)
    await isWanted
    send(5)
    breakOff()
    expect(await answer).toMatchObject({ status: 400, body: expect.stringContaining('urn:patchtrail:problem:brokenBody') as string })
    expect(await openTenant(oneTenantOf(program)).store.tenant.get()).toBeUndefined()
  })

  it('is refused where the body is too long, on the connection that it came on', async () => {
    const program = programOfItsOwn()
    const { request, send, isCancelled } = requestInPieces()
    send(65_536)
    send(1)
    expect(await syncRoute.serve(() => program)(request)).toMatchObject({
      status: 413,
      body: expect.stringContaining('urn:patchtrail:problem:bodyTooLarge') as string,
    })
    expect(isCancelled()).toBe(false)
    expect(await openTenant(oneTenantOf(program)).store.tenant.get()).toBeUndefined()
  })

  it('is not asked what is in it', async () => {
    const program = programOfItsOwn()
    const { request, send, end } = requestInPieces()
    send(65_536)
    end()
    expect(await syncRoute.serve(() => program)(request)).toMatchObject({ status: 202 })
  })
})
