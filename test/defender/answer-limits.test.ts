import { describe, expect, it } from 'vitest'
import { DEFENDER_POLICY } from '../../src/defender/index.ts'
import { jsonExcess } from '../../src/defender/json-excess.ts'
import { json, status, type Step } from '../support/scripted-server.ts'
import { ID, setting } from './client-setting.ts'

const { missingKbs: LIMITS } = DEFENDER_POLICY.answers
const KBS = `/api/machines/${ID}/getmissingkbs`
const MEGABYTES = 1_000_000

/** What an answer costs may grow with its size only: what used to hold a tick for minutes is over in a moment, on a busy machine too. */
const AT_ONCE_MS = 8_000

const rows = (count: number, row: (index: number) => object) => ({ value: Array.from({ length: count }, (_, index) => row(index)) })

async function answer(...steps: Step[]) {
  const { client } = await setting({ steps })
  const begunMs = performance.now()
  const result = await client.missingKbs(ID, async () => true)
  expect(performance.now() - begunMs).toBeLessThan(AT_ONCE_MS)
  return result
}

const malformed = (problem: string) => ({
  kind: 'fault',
  fault: { kind: 'transient', code: 'malformedBody', status: 200, detail: expect.stringContaining(problem) as unknown },
})

describe('an answer that is too much is no answer', () => {
  it.each<[string, string, Step]>([
    ['125,000 rows', 'rows', json(rows(125_000, (index) => ({ id: String(index) })))],
    ['125,000 rows of one KB', 'rows', json(rows(125_000, () => ({ id: '1' })))],
    ['10 MB of empty objects', 'values', status(200, `{"value":[${'{},'.repeat((10 * MEGABYTES) / 3)}{}]}`)],
    ['10 MB of empty objects on end', 'values', status(200, '{}'.repeat((10 * MEGABYTES) / 2))],
    ['a million brackets', 'deep', status(200, `{"value":${'['.repeat(MEGABYTES)}`)],
    ['a row of a million brackets', 'deep', status(200, `{"value":[{"id":"1","x":${'['.repeat(MEGABYTES)}${']'.repeat(MEGABYTES)}}]}`)],
    ['60 MB of empty objects', 'larger', status(200, `{"value":[${'{},'.repeat(20 * MEGABYTES)}{}]}`)],
  ])('%s', { timeout: 30_000 }, async (_, problem, step) => {
    expect(await answer(step)).toMatchObject(malformed(problem))
  })

  it('nor is one that says that it is too large: its body is not waited for', async () => {
    const promising: Step = (_, response) => {
      response.writeHead(200, { 'content-length': String(LIMITS.bytes + 1) })
      response.write('{"value":[')
    }
    const { client } = await setting({ steps: [promising, json({ value: [] })] })
    expect(await client.missingKbs(ID, async () => true)).toMatchObject(malformed('larger'))
    expect(await client.missingKbs(ID, async () => true)).toMatchObject({ kind: 'observed' })
  })

  it('nor are pages that are too much together', { timeout: 30_000 }, async () => {
    const page = (from: number) => rows(LIMITS.rows / 2 + 1, (index) => ({ id: String(from + index) }))
    const next = { '@odata.nextLink': `${KBS}?$skiptoken=a` }
    expect(await answer(json({ ...page(0), ...next }), json(page(100_000)))).toMatchObject(malformed('rows'))
    const padding = ' '.repeat(LIMITS.bytes / 2)
    const large = (more: object) => status(200, JSON.stringify({ ...rows(1, () => ({ id: '1' })), ...more }) + padding)
    expect(await answer(large(next), large({}))).toMatchObject(malformed('larger'))
  })
})

describe('an answer that can be kept', () => {
  it('is kept, as many rows as it may come in', { timeout: 30_000 }, async () => {
    const result = await answer(json(rows(LIMITS.rows, (index) => ({ id: '1', productsNames: [`product_${index}`] }))))
    if (result.kind === 'fault') throw new Error(result.fault.detail)
    const [kb] = result.kbs
    expect(result.kbs).toHaveLength(1)
    expect(JSON.stringify(kb?.productsNames).length).toBeGreaterThan(24_900)
    expect(JSON.stringify(kb?.productsNames).length).toBeLessThanOrEqual(25_001)
  })

  it('is kept with the longest lists, escaped, in as many KBs as one transaction takes', { timeout: 30_000 }, async () => {
    const productsNames = Array.from({ length: 25 }, (_, index) => `${String.fromCharCode(0x430 + index)}`.repeat(990))
    const escaped = JSON.stringify(rows(98, (index) => ({ id: String(index), productsNames }))).replaceAll(
      /[^\0-~]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    expect(escaped.length).toBeGreaterThan(14 * MEGABYTES)
    expect(await answer(status(200, escaped))).toMatchObject({ kind: 'observed', kbs: { length: 98 } })
  })
})

describe('jsonExcess', () => {
  const limits = { values: 5, depth: 2 }
  it.each([
    ['{"a":[1,2]}', undefined],
    ['{"a":"[[[[,,,,,,\\"[[[,,,,"}', undefined],
    ['"\\\\",1', undefined],
    ['[[[]]]', 'deep'],
    ['[1,2,3,4,5,6]', 'values'],
    ['"never ended [[[,,,,,,', undefined],
    ['', undefined],
  ])('judges %s by its values and depth', (text, problem) => {
    const excess = jsonExcess(text, limits)
    if (problem === undefined) expect(excess).toBeUndefined()
    else expect(excess).toContain(problem)
  })
})
