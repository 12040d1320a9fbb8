import { constants, gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { EXPORT_FAULTS } from '../../../../dev/simulator/export/export-faults.ts'
import { foreignMachineIdOf, isLeftOut } from '../../../../dev/simulator/export/file-rows.ts'
import type { Faults } from '../../../../dev/simulator/index.ts'
import { HOUR } from '../../../../dev/simulator/time.ts'
import { REFERENCE } from '../client.ts'
import { idOf, rowsIn, startExporting, textOf, type Exporting, type Row } from './exporting.ts'

/** The file that is struck, and its text when it is not. */
const STRUCK = '11/0'
let exporting: Exporting
let address: string
let another: string
let whole: string
let rows: Row[]

beforeAll(async () => {
  exporting = await startExporting()
  const { files } = await exporting.call('?sasValidHours=6')
  // Files are named in the order of their groups: two of 0, two of 11.
  ;[another = '', , address = ''] = files
  whole = await textOf(address)
  rows = rowsIn(whole)
})
afterAll(() => exporting.close())
afterEach(() => {
  const ended = [...Object.keys(EXPORT_FAULTS), 'hang', 'html502', 'slow']
  exporting.simulator.setFaults(Object.fromEntries(ended.map((name) => [name, false])))
})

const strike = (faults: Partial<Faults>) =>
  exporting.simulator.setFaults(Object.fromEntries(Object.entries(faults).map(([name, rule]) => [name, { files: [STRUCK], ...rule }])))

/** What is read of a file until it ends or breaks: the bytes, and how it broke. */
async function read(url: string): Promise<{ bytes: Buffer; broken?: unknown }> {
  const chunks: Uint8Array[] = []
  try {
    const response = await fetch(url)
    for await (const chunk of response.body ?? []) chunks.push(chunk as Uint8Array)
  } catch (error) {
    return { bytes: Buffer.concat(chunks), broken: (error as Error).cause }
  }
  return { bytes: Buffer.concat(chunks) }
}

/** What can be inflated of bytes that end too soon. */
const inflatedPart = (bytes: Buffer) => (bytes.length === 0 ? '' : gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString())

const linesOf = (text: string, count: number) => text.split('\n').slice(0, count).join('\n') + '\n'

test('the struck file is the one that is meant', () => {
  expect(new Set(rows.map(({ RbacGroupId }) => RbacGroupId))).toEqual(new Set([11]))
  expect(exporting.simulator.requests.entries.at(-1)).toMatchObject({ file: STRUCK })
  expect(rows.length).toBeGreaterThan(100)
})

describe('a file that is not given', () => {
  test.each([
    ['fileExpired', 403, 'AuthenticationFailed'],
    ['fileBusy', 503, 'ServerBusy'],
  ] as const)('%s is a %i with XML', async (fault, status, code) => {
    strike({ [fault]: { times: 1 } })
    const refused = await fetch(address)
    expect([refused.status, refused.headers.get('content-type')]).toEqual([status, 'application/xml'])
    expect(await refused.text()).toContain(`<Code>${code}</Code>`)
    expect((await fetch(another)).status).toBe(200)
    expect(await textOf(address)).toBe(whole)
  })

  test('fileGone is a 404 only when a newer export has been made', async () => {
    strike({ fileGone: {} })
    expect((await fetch(address)).status).toBe(200)
    exporting.clock.now = REFERENCE + 5 * HOUR + HOUR - 1
    expect((await fetch(address)).status).toBe(404)
    exporting.simulator.setFaults({ fileGone: false })
    expect((await fetch(address)).status).toBe(200)
    exporting.clock.now = REFERENCE
  })

  test('fileEmpty is a 200 with nothing in it, html502 a gateway, slow a good file, late', async () => {
    strike({ fileEmpty: {} })
    expect(await read(address)).toEqual({ bytes: Buffer.alloc(0) })
    exporting.simulator.setFaults({ fileEmpty: false, html502: { on: ['file'], files: [STRUCK], limit: 1 } })
    expect((await fetch(address)).status).toBe(502)
    exporting.simulator.setFaults({ html502: false, slow: { on: ['file'], files: [STRUCK], milliseconds: 30 } })
    const before = performance.now()
    expect(await textOf(address)).toBe(whole)
    // A lower bound holds on any machine; timers may fire a millisecond early.
    expect(performance.now() - before).toBeGreaterThanOrEqual(29)
  })
})

describe('a file that breaks', () => {
  test('fileCut ends as if it were whole, after half of its rows or as many as are told', async () => {
    strike({ fileCut: {} })
    const { bytes, broken } = await read(address)
    expect(broken).toBeUndefined()
    expect(() => gunzipSync(bytes)).toThrow('unexpected end of file')
    expect(inflatedPart(bytes)).toBe(linesOf(whole, Math.floor(rows.length / 2)))
    strike({ fileCut: { rows: 3 } })
    expect(inflatedPart((await read(address)).bytes)).toBe(linesOf(whole, 3))
    strike({ fileCut: { rows: 1_000_000 } })
    expect(inflatedPart((await read(address)).bytes)).toBe(whole)
  })

  test('fileBroken has bytes that are no gzip, fileWrongChecksum only its end wrong', async () => {
    strike({ fileBroken: { rows: 10, times: 1 } })
    const { bytes } = await read(address)
    expect(() => gunzipSync(bytes)).toThrow('invalid block type')
    expect(await textOf(address)).toBe(whole)
    exporting.simulator.setFaults({ fileBroken: false })
    strike({ fileWrongChecksum: {} })
    const spoilt = (await read(address)).bytes
    expect(() => gunzipSync(spoilt)).toThrow('incorrect data check')
    expect(inflatedPart(spoilt.subarray(0, -8))).toBe(whole)
  })

  test('fileAborted ends the connection in the middle, fileReset resets it, and another time the file is whole', async () => {
    strike({ fileAborted: { times: 1 } })
    const aborted = await read(address)
    expect(aborted.broken).toMatchObject({ code: 'UND_ERR_SOCKET' })
    expect(inflatedPart(aborted.bytes)).toBe(linesOf(whole, Math.floor(rows.length / 2)))
    expect(await textOf(address)).toBe(whole)
    exporting.simulator.setFaults({ fileAborted: false })
    strike({ fileReset: { times: 1 } })
    expect((await read(address)).broken).toMatchObject({ code: 'ECONNRESET' })
    expect(await textOf(address)).toBe(whole)
  })

  test('fileStalls gives what comes before, and then nothing until somebody ends it', async () => {
    strike({ fileStalls: {} })
    const reader = new AbortController()
    const response = await fetch(address, { signal: reader.signal })
    const body = response.body?.getReader()
    const half = linesOf(whole, Math.floor(rows.length / 2))
    let bytes = Buffer.alloc(0)
    while (inflatedPart(bytes) !== half) {
      const { value } = ((await body?.read()) ?? {}) as { value?: Uint8Array }
      bytes = Buffer.concat([bytes, value ?? expect.fail('the file has ended')])
    }
    reader.abort()
    expect((await fetch(another)).status).toBe(200)
  })

  test('hang gives no answer', async () => {
    exporting.simulator.setFaults({ hang: { on: ['file'], files: [STRUCK] } })
    const caller = new AbortController()
    const answer = fetch(address, { signal: caller.signal })
    await expect.poll(() => exporting.simulator.requests.count({ route: 'file', status: 0 })).toBe(1)
    caller.abort()
    await expect(answer).rejects.toThrow('abort')
  })
})

describe('lines', () => {
  test('fileBrokenLine has half a line too many, in the middle or where it is told', async () => {
    strike({ fileBrokenLine: { rows: 5 } })
    const lines = (await textOf(address)).split('\n')
    expect(() => JSON.parse(lines[5] ?? '') as unknown).toThrow(SyntaxError)
    expect(lines.toSpliced(5, 1).join('\n')).toBe(whole)
    strike({ fileBrokenLine: {} })
    expect(
      (await textOf(address))
        .split('\n')
        .toSpliced(Math.floor(rows.length / 2), 1)
        .join('\n'),
    ).toBe(whole)
  })

  test('fileLongLine has one that is longer than anybody should hold', async () => {
    strike({ fileLongLine: { bytes: 100_000 } })
    const lines = (await textOf(address)).split('\n')
    const middle = Math.floor(rows.length / 2)
    expect(lines[middle]?.length).toBeGreaterThan(100_000)
    expect(JSON.parse(lines[middle] ?? '')).toMatchObject({ Id: rows[middle]?.Id })
    expect(lines.toSpliced(middle, 1).join('\n')).toBe(whole)
    strike({ fileLongLine: {} })
    expect((await textOf(address)).length - whole.length).toBeGreaterThan(4 * 1024 * 1024)
  })

  test('fileOddLines end with CR LF, some are empty, and the last has no end', async () => {
    strike({ fileOddLines: {} })
    const text = await textOf(address)
    expect(text).toMatch(/\r\n\n\r\n/)
    expect(text.endsWith('}')).toBe(true)
    expect(rowsIn(text.replaceAll('\r', ''))).toEqual(rows)
  })

  test('fileCamelCase has explicit nulls, fileEmptyStrings empty ones, fileAnyCase other letters in every row', async () => {
    const folded = (all: Row[]) =>
      all.map((row) =>
        Object.fromEntries(
          Object.entries(row).flatMap(([name, value]) => (value === null || value === '' ? [] : [[name.toLowerCase(), value]])),
        ),
      )
    strike({ fileCamelCase: {} })
    const camel = rowsIn(await textOf(address))
    expect(camel.some((row) => row.recommendedSecurityUpdateId === null && row.diskPaths !== undefined)).toBe(true)
    expect(camel.every((row) => Object.keys(row).every((name) => /^[a-z]/.test(name)) && Object.keys(row).length === 27)).toBe(true)
    exporting.simulator.setFaults({ fileCamelCase: false })
    strike({ fileEmptyStrings: {} })
    const empty = rowsIn(await textOf(address))
    expect(empty.some((row) => row.RecommendedSecurityUpdateId === '')).toBe(true)
    expect(empty.some((row) => row.DiskPaths === '' || row.CvssScore === '')).toBe(false)
    exporting.simulator.setFaults({ fileEmptyStrings: false })
    strike({ fileAnyCase: {} })
    const any = rowsIn(await textOf(address))
    expect(new Set(any.flatMap((row) => Object.keys(row)).filter((name) => name.toLowerCase() === 'deviceid')).size).toBeGreaterThan(20)
    for (const spelt of [camel, empty, any]) expect(folded(spelt)).toEqual(folded(rows))
  })
})

describe('rows', () => {
  test('fileDuplicateRows has every third twice', async () => {
    strike({ fileDuplicateRows: {} })
    const doubled = rowsIn(await textOf(address))
    expect(doubled.slice(0, rows.length)).toEqual(rows)
    expect(doubled.slice(rows.length)).toEqual(rows.filter((_, index) => index % 3 === 0))
  })

  test('fileForeignMachines are of nobody that is listed, and lack KBs', async () => {
    strike({ fileForeignMachines: {} })
    const foreign = rowsIn(await textOf(address)).slice(rows.length)
    const ids = new Set(foreign.map(idOf))
    expect(ids).toEqual(new Set([0, 1, 2].map((index) => foreignMachineIdOf(STRUCK, index))))
    for (const id of ids) {
      expect((await exporting.get(`/api/machines/${id}`)).status).toBe(404)
      expect(foreign.some((row) => idOf(row) === id && /^\d+$/.test(String(row.RecommendedSecurityUpdateId)))).toBe(true)
    }
  })

  test('fileCapitalIds are those of the same machines', async () => {
    strike({ fileCapitalIds: {} })
    const capital = rowsIn(await textOf(address))
    expect(capital.map(idOf)).toEqual(rows.map((row) => idOf(row).toUpperCase()))
    expect(capital[0]?.Id).toMatch(/^[0-9A-F]{40}_/)
  })

  test('fileFewerMachines leaves out a share, and the same whenever it is fetched', async () => {
    const all = new Set(rows.map(idOf))
    const idsAt = async (share?: number) => {
      strike({ fileFewerMachines: share === undefined ? {} : { share } })
      return new Set(rowsIn(await textOf(address)).map(idOf))
    }
    const [half, again, most] = [await idsAt(), await idsAt(), await idsAt(0.2)]
    expect(again).toEqual(half)
    expect(half).toEqual(new Set([...all].filter((id) => !isLeftOut(id))))
    expect(most).toEqual(new Set([...all].filter((id) => !isLeftOut(id, 0.2))))
    expect(half.size).toBeLessThan(most.size)
    expect(most.size).toBeLessThan(all.size)
    expect((await idsAt(1)).size).toBe(0)
  })

  test('fileKbInFront and fileOddIds have ids that are not digits alone', async () => {
    const idsIn = (all: Row[]) => all.map((row) => row.RecommendedSecurityUpdateId)
    strike({ fileKbInFront: {} })
    expect(idsIn(rowsIn(await textOf(address)))).toEqual(idsIn(rows).map((id) => (/^\d+$/.test(String(id)) ? `KB${String(id)}` : id)))
    exporting.simulator.setFaults({ fileKbInFront: false })
    strike({ fileOddIds: {} })
    const odd = rowsIn(await textOf(address)).slice(rows.length)
    expect(new Set(odd.map(idOf))).toEqual(new Set(rows.map(idOf)))
    expect(idsIn(odd)).toContain('5073379, 5075899')
    expect(idsIn(odd).some((id) => /^[0-9]{6,8}$/.test(String(id)))).toBe(false)
  })

  test('by rate, some files are struck and others are not, always the same', async () => {
    exporting.simulator.setFaults({ fileCapitalIds: { rate: 0.5 } })
    const { files } = await exporting.call()
    const struck = async () => Promise.all(files.map(async (file) => /"DeviceId":"[^"]*[A-F]/.test(await textOf(file))))
    const first = await struck()
    expect(await struck()).toEqual(first)
    expect(new Set(first).size).toBe(2)
  })
})

test('fileContentEncoding makes a client that inflates by itself do so', async () => {
  strike({ fileContentEncoding: {} })
  const response = await fetch(address)
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(await response.text()).toBe(whole)
})
