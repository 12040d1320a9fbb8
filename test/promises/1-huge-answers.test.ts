import { expect, it } from 'vitest'
import { answerOf, startAnsweringWorld } from '../support/answering-world.ts'
import { json, status } from '../support/scripted-server.ts'

const rows = (count: number, row: (index: number) => object) => json({ value: Array.from({ length: count }, (_, index) => row(index)) })

it('promise 1: a machine whose answer is too much is unknown with that cause, and the others go on', { timeout: 120_000 }, async () => {
  const { snapshot } = await startAnsweringWorld([
    answerOf({ id: '1' }),
    rows(125_000, (index) => ({ id: String(index) })),
    status(200, `{"value":[${'{},'.repeat(3_300_000)}{}]}`),
    status(200, `{"value":${'['.repeat(1_000_000)}`),
    rows(50_000, (index) => ({ id: '1', productsNames: [`product_${index}`] })),
    answerOf({ id: '2' }),
  ])
  const { row, machines } = await snapshot()
  expect(machines).toEqual(['observed', 'malformedBody', 'malformedBody', 'malformedBody', 'observed', 'observed'])
  expect(row).toMatchObject({ status: 'incomplete', observed: 3, unknown: 3, missingPairs: 3 })
})

it('promise 1: lists of two machines that have room apart and not together are cut, and both are observed', async () => {
  const products = (letter: string) => Array.from({ length: 24 }, (_, index) => letter.repeat(900) + String(index))
  const { snapshot, world } = await startAnsweringWorld(
    [answerOf({ id: '1', productsNames: products('a') }), answerOf({ id: '1', productsNames: products('b') })],
    { tables: 'azurite' },
  )
  expect(await snapshot()).toMatchObject({ row: { status: 'completed', observed: 2 }, machines: ['observed', 'observed'] })
  expect(JSON.stringify((await world.store.kbs.get('1'))?.productsNames).length).toBeLessThan(25_002)
})
