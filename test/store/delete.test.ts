import { odata } from '@azure/data-tables'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deleteSpan } from '../../src/store/delete-span.ts'
import type { KeySpan } from '../../src/store/key-span.ts'
import { Table } from '../../src/store/table.ts'
import { collect, collectPages, STORE_OPTIONS } from '../support/stores.ts'
import { freshName, openClient, type RunningService, TABLE_SERVICES } from '../support/table-services.ts'

describe.each(TABLE_SERVICES)('deleting in $name', ({ start }) => {
  let service: RunningService
  beforeAll(async () => {
    service = await start()
  })
  afterAll(async () => {
    await service.close()
  })

  const openTable = () => new Table(openClient(service.connectionString, freshName(), STORE_OPTIONS))
  const row = (partitionKey: string, rowKey: string) => ({ partitionKey, rowKey, value: 1 })
  const all = async (table: Table) => {
    const rows = await collectPages(table.pages({ filter: odata`PartitionKey ge ${''}` }))
    return rows.map(({ partitionKey, rowKey }) => `${partitionKey} ${rowKey}`)
  }

  const deleteAll = async (table: Table, span: KeySpan) => (await collect(deleteSpan(table, span))).reduce((sum, count) => sum + count, 0)

  it('takes one row, and does nothing where it is gone', async () => {
    const table = openTable()
    await table.deleteRow('p', 'a')
    await table.upsert([row('p', 'a'), row('p', 'b')], 'Replace')
    await table.deleteRow('p', 'a')
    await table.deleteRow('p', 'a')
    expect(await all(table)).toEqual(['p b'])
  })

  it('takes a stretch of keys over partitions, and nothing beside it', async () => {
    const table = openTable()
    const many = Array.from({ length: 230 }, (_, index) => row('t|s1', String(index).padStart(3, '0')))
    await table.upsert([row('s', 'z'), ...many, row('t|s2', 'a'), row('t}', 'a'), row('u', 'a')], 'Replace')
    expect(await deleteAll(table, { from: { partition: 't|', row: '' }, to: { partition: 't}', row: '' } })).toBe(231)
    expect(await all(table)).toEqual(['s z', 't} a', 'u a'])
    await deleteAll(table, { from: { partition: 't|', row: '' }, to: { partition: 't}', row: '' } })
  })

  it('deletes the rest where another one deleted some of it meanwhile', async () => {
    const table = openTable()
    await table.upsert(
      ['a', 'b', 'c'].map((rowKey) => row('p', rowKey)),
      'Replace',
    )
    const spanPages = table.spanPages.bind(table)
    table.spanPages = async function* (...asked) {
      for await (const page of spanPages(...asked)) {
        await table.deleteRow('p', 'b')
        yield page
      }
    }
    await deleteAll(table, { from: { partition: 'p', row: '' }, to: { partition: 'q', row: '' } })
    expect(await all(table)).toEqual([])
  })
})
