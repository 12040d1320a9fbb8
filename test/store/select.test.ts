import { odata } from '@azure/data-tables'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { integer, optionalText, text } from '../../src/store/columns.ts'
import { Table } from '../../src/store/table.ts'
import { collectPages, STORE_OPTIONS } from '../support/stores.ts'
import { freshName, openClient, type RunningService, TABLE_SERVICES } from '../support/table-services.ts'

describe.each(TABLE_SERVICES)('a selection of columns in $name', ({ start }) => {
  let service: RunningService
  beforeAll(async () => {
    service = await start()
  })
  afterAll(async () => {
    await service.close()
  })

  const openTable = () => new Table(openClient(service.connectionString, freshName(), STORE_OPTIONS))
  const read = async (select: string[]) => {
    const table = openTable()
    await table.upsert([{ partitionKey: 'p', rowKey: 'r', one: 1, two: 'two' }], 'Replace')
    const [row] = await collectPages(table.pages({ filter: odata`PartitionKey eq ${'p'}`, select }))
    if (!row) throw new Error('no row')
    return row
  }

  it('always has the keys', async () => {
    expect(await read(['one'])).toMatchObject({ partitionKey: 'p', rowKey: 'r', one: 1 })
    expect(await read(['one'])).not.toHaveProperty('two')
  })

  it('reads a column that a row does not have yet as empty', async () => {
    const columns = { one: integer, toCome: integer, textToCome: text, optionalToCome: optionalText }
    expect(openTable().read({ columns }, await read(Object.keys(columns)))).toEqual({
      one: 1,
      toCome: 0,
      textToCome: '',
      optionalToCome: null,
    })
  })

  it('refuses a column of another type than it should be', async () => {
    const row = await read(['one'])
    expect(() => openTable().read({ columns: { one: text } }, row)).toThrow(
      expect.objectContaining({ name: 'StoreError', code: 'UnexpectedType' }),
    )
  })
})
