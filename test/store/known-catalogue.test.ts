import { expect, test } from 'vitest'
import { KnownCatalogue } from '../../src/store/index.ts'
import { factsOfKb } from '../support/check-deadlines.ts'

test('looks KBs up once for all who ask within ten minutes, those that nothing is known of as well', async () => {
  const asked: string[][] = []
  let nowMs = 0
  const known = new Map([['5080001', factsOfKb('5080001', '2026-02-10', 'Low')]])
  const getMany = async (kbIds: Iterable<string>) => {
    asked.push([...kbIds])
    await Promise.resolve()
    return known
  }
  const catalogue = new KnownCatalogue({ getMany }, () => nowMs)
  expect([...(await catalogue.factsOf(['5080001', '5080002', '5080001'])).keys()]).toEqual(['5080001'])
  known.set('5080002', factsOfKb('5080002', '2026-02-10', 'Low'))
  nowMs = 9 * 60_000
  expect([...(await catalogue.factsOf(['5080002', '5080003'])).keys()]).toEqual([])
  nowMs = 10 * 60_000
  expect([...(await catalogue.factsOf(['5080002', '5080003'])).keys()]).toEqual(['5080002'])
  expect(asked).toEqual([['5080001', '5080002'], ['5080003'], ['5080002']])
})
