import { fork } from 'node:child_process'
import { once } from 'node:events'
import { odata, RestError, type TransactionAction } from '@azure/data-tables'
import { afterEach, describe, expect, it } from 'vitest'
import { type Fault, type RunningTableService, startTableService, type TableServiceOptions } from '../../../dev/table-service/index.ts'
import { openClient } from '../../support/table-services.ts'

const NOON = Date.UTC(2026, 5, 12, 12)
const NO_RETRIES = { retryOptions: { maxRetries: 0 } }

let service: RunningTableService
afterEach(async () => {
  await service.close()
})

async function start(options: TableServiceOptions) {
  service = await startTableService(options)
  const table = openClient(service.connectionString, 'machines', NO_RETRIES)
  await table.createTable()
  return table
}

const batch = (partitionKey: string, from: number, count: number) =>
  Array.from({ length: count }, (_, index): TransactionAction => [
    'upsert',
    { partitionKey, rowKey: String(from + index).padStart(5, '0'), n: index },
    'Replace',
  ])

describe('the targets of an account', () => {
  it('refuse a partition beyond 2,000 entities a second with 503 and Retry-After, and let other partitions on', async () => {
    let now = NOON
    const table = await start({ now: () => now, behaviour: { entitiesPerSecond: { partition: 2_000, account: 0 }, retryAfterSeconds: 3 } })
    for (let index = 0; index < 20; index++) await table.submitTransaction(batch('p', index * 100, 100))
    const refusal = await refused(table.submitTransaction(batch('p', 2_000, 100)))
    expect({ status: refusal.statusCode, retryAfter: refusal.response?.headers.get('retry-after') }).toEqual({
      status: 503,
      retryAfter: '3',
    })
    await table.submitTransaction(batch('q', 0, 100))
    now += 500
    for (let index = 0; index < 10; index++) await table.submitTransaction(batch('p', index * 100, 100))
    expect((await refused(table.getEntity('p', '00000'))).statusCode).toBe(503)
    expect(service.counts()).toMatchObject({ throttled: 2, rowsWritten: 3_100 })
  })

  it('refuse every partition once the account is beyond its own', async () => {
    let now = NOON
    const table = await start({ now: () => now, behaviour: { entitiesPerSecond: { partition: 0, account: 300 } } })
    for (const partition of ['a', 'b', 'c']) await table.submitTransaction(batch(partition, 0, 100))
    expect((await refused(table.submitTransaction(batch('d', 0, 100)))).statusCode).toBe(503)
    now += 1_000
    await table.submitTransaction(batch('d', 0, 100))
  })

  it('count what a query looks at, not what it returns', async () => {
    let now = NOON
    const table = await start({ now: () => now, behaviour: { entitiesPerSecond: { partition: 500, account: 0 } } })
    for (let index = 0; index < 5; index++) await table.submitTransaction(batch('p', index * 100, 100))
    now += 1_000
    const filter = odata`PartitionKey eq ${'p'} and n eq ${-1}`
    expect(await pagesOf(table.listEntities({ queryOptions: { filter } }).byPage())).toEqual([0])
    expect((await refused(pagesOf(table.listEntities({ queryOptions: { filter } }).byPage()))).statusCode).toBe(503)
  })
})

describe('the habits of paging', () => {
  const seed = async (behaviour: TableServiceOptions['behaviour'], random?: () => number) => {
    const table = await start({ ...(behaviour && { behaviour }), ...(random && { random }) })
    for (const partition of ['a', 'b', 'c']) await table.submitTransaction(batch(partition, 0, 10))
    return table
  }

  it('end a page at a partition', async () => {
    const table = await seed({ pageEndsAtPartition: true })
    expect(await pagesOf(table.listEntities().byPage({ maxPageSize: 7 }))).toEqual([7, 3, 7, 3, 7, 3])
  })

  it('end a page after a number of rows looked at, so that a page may be empty', async () => {
    const table = await seed({ scannedRowsPerPage: 5 })
    const filter = odata`n eq ${9}`
    expect(await pagesOf(table.listEntities({ queryOptions: { filter } }).byPage())).toEqual([0, 1, 0, 1, 0, 1])
  })

  it('send empty pages that go on from where they began', async () => {
    let draws = 0
    const table = await seed({ emptyPages: 0.5 }, () => (draws++ % 4 < 2 ? 0.1 : 0.9))
    const pages = await pagesOf(table.listEntities().byPage({ maxPageSize: 20 }))
    expect(pages.filter((rows) => rows === 0).length).toBeGreaterThan(0)
    expect(pages.reduce((sum, rows) => sum + rows, 0)).toBe(30)
  })

  it('keep the name of a deleted table taken for a while', async () => {
    let now = NOON
    const table = await start({ now: () => now, behaviour: { tableDeletionSeconds: 40 } })
    await table.deleteTable()
    now += 39_000
    expect(codeOf(await refused(table.createTable()))).toBe('TableBeingDeleted')
    now += 1_000
    await table.createTable()
  })
})

describe('mishaps', () => {
  const once = (fault: Fault, kind: string) => {
    let done = false
    return (request: { kind: string }) => (request.kind === kind && !done ? ((done = true), fault) : undefined)
  }
  const row = { partitionKey: 'p', rowKey: 'a', n: 1 }

  it.each<[Fault, boolean]>([
    ['connectionReset', false],
    ['internalError', false],
    ['serverBusy', false],
    ['serverBusyInside', false],
    ['responseLost', true],
    ['timedOutAfterSuccess', true],
    ['brokenOff', true],
  ])('%s: the write took effect: %s', async (fault, tookEffect) => {
    const table = await start({ script: once(fault, 'batch') })
    const refusal = await refused(table.submitTransaction([['create', row]]))
    const expected = {
      connectionReset: 'ECONNRESET',
      responseLost: 'ECONNRESET',
      internalError: 500,
      timedOutAfterSuccess: 500,
      serverBusy: 503,
      serverBusyInside: 503,
      brokenOff: 'PARSE_ERROR',
      halved: undefined,
    }[fault]
    expect([refusal.code, refusal.statusCode]).toContain(expected)
    expect(await pagesOf(table.listEntities().byPage())).toEqual([tookEffect ? 1 : 0])
    expect(service.counts().faults).toEqual({ [fault]: 1 })
  })

  it.each<Fault>([
    'connectionReset',
    'internalError',
    'serverBusy',
    'serverBusyInside',
    'responseLost',
    'timedOutAfterSuccess',
    'brokenOff',
  ])('%s is to a client in this process what it is over a socket', async (fault) => {
    const saw: unknown[] = []
    for (const way of ['socket', 'process']) {
      service = await startTableService({ script: once(fault, 'batch') })
      const table = openClient(way === 'socket' ? service.connectionString : service, 'machines', NO_RETRIES)
      await table.createTable()
      const { name, message, code, statusCode } = await refused(table.submitTransaction([['create', row]]))
      saw.push({ name, message, code, statusCode, rows: await pagesOf(table.listEntities().byPage()) })
      if (way === 'socket') await service.close()
    }
    expect(saw[1]).toEqual(saw[0])
  })

  it('are drawn by their odds, and stop when they are switched off', async () => {
    const draws: number[] = []
    const table = await start({ random: () => draws.shift() ?? 0.5 })
    service.setFaults({ faults: { internalError: 0.1, serverBusy: 0.1 } })
    draws.push(0.05, 0.15, 0.25)
    expect((await refused(table.createEntity(row))).statusCode).toBe(500)
    expect((await refused(table.createEntity(row))).statusCode).toBe(503)
    await table.createEntity(row)
    service.setFaults({ faults: {} })
    draws.push(0.05)
    await table.getEntity('p', 'a')
  })
})

it('gives every write an ETag of its own, however still the clock stands', async () => {
  const table = await start({ now: () => NOON })
  const etags = new Set<string | undefined>()
  for (let n = 0; n < 20; n++) etags.add((await table.upsertEntity({ partitionKey: 'p', rowKey: 'a', n }, 'Merge')).etag)
  expect(etags.size).toBe(20)
})

describe('counts', () => {
  it('tell transactions by kind and table, a batch as one, and the rows behind them', async () => {
    const table = await start({})
    const before = service.counts()
    await table.submitTransaction(batch('p', 0, 100))
    await pagesOf(table.listEntities({ queryOptions: { filter: odata`PartitionKey eq ${'p'} and RowKey lt ${'00010'}` } }).byPage())
    await table.upsertEntity({ partitionKey: 'p', rowKey: 'x' }, 'Merge')
    const counts = service.counts()
    expect(before.tables).toEqual({ machines: { createTable: 1 } })
    expect(counts).toMatchObject({ transactions: 4, tables: { machines: { createTable: 1, batch: 1, query: 1, insertOrMerge: 1 } } })
    expect(counts).toMatchObject({ rowsWritten: 101, rowsScanned: 10, rowsReturned: 10, statuses: { 204: 3, 200: 1 } })
  })
})

describe('the service as its own process', () => {
  it('says where it listens, shows its counts, takes switches, and ends with its parent', async () => {
    service = await startTableService()
    const child = fork(new URL('../../../dev/table-service/main.ts', import.meta.url), ['{"emptyPages":0.5}'], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer]
    const { connectionString, url } = JSON.parse(line.toString()) as { connectionString: string; url: string }
    await openClient(connectionString, 'machines').createTable()
    const origin = new URL(url).origin
    expect(await (await fetch(`${origin}/counts`)).json()).toMatchObject({ transactions: 1 })
    const patched = await fetch(`${origin}/faults`, { method: 'PATCH', body: '{"faults":{"internalError":1}}' })
    expect(await patched.json()).toMatchObject({ emptyPages: 0.5, faults: { internalError: 1 } })
    expect((await fetch(`${origin}/faults`, { method: 'PATCH', body: '{"fault":{}}' })).status).toBe(400)
    child.disconnect()
    await once(child, 'exit')
  })
})

async function pagesOf(pages: AsyncIterable<unknown[]>): Promise<number[]> {
  const lengths: number[] = []
  for await (const page of pages) lengths.push(page.length)
  return lengths
}

async function refused(act: Promise<unknown>): Promise<RestError> {
  const error: unknown = await act.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof RestError)) throw new Error('was not refused', { cause: error })
  return error
}

const codeOf = (error: RestError) => (error.details as { odataError?: { code?: string } } | undefined)?.odataError?.code
