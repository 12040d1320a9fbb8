import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { MachineSets, PairRegister, readFile, READING_POLICY } from '../../../src/sources/index.ts'

const ROW = { DeviceId: 'a'.repeat(40), SoftwareName: 'windows_11', RecommendedSecurityUpdateId: '5074109' }
const FILE = gzipSync(`${JSON.stringify(ROW)}\n`.repeat(50))
const LIMITS = { ...READING_POLICY, chunkBytes: 64, chunksBetweenLooks: 1 }

const SOCKET = Object.assign(new Error('read ECONNRESET https://files.example/a.gz?sig=secret'), { code: 'ECONNRESET' })

async function* chunksOf(file: Uint8Array, fails?: Error): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += 20) yield await Promise.resolve(file.subarray(at, at + 20))
  if (fails) throw fails
}

function read(chunks: AsyncIterable<Uint8Array>, look: () => Promise<'goOn' | 'stop'> = () => Promise.resolve('goOn')) {
  const register = new PairRegister()
  return readFile(chunks, { sets: new MachineSets(register), register, look, limits: LIMITS })
}

describe('a file of an export', () => {
  it('is read to its end', async () => {
    expect(await read(chunksOf(FILE))).toMatchObject({ kind: 'read', counts: { rows: 50, brokenLines: 0 } })
  })

  it('is given up where there is no more time', async () => {
    expect(await read(chunksOf(FILE), () => Promise.resolve('stop'))).toEqual({ kind: 'stopped' })
  })

  it.each([
    ['cut', chunksOf(FILE.subarray(0, 60)), 'exportFileCut'],
    ['no gzip', chunksOf(Buffer.from('<html>')), 'exportFileCut'],
    ['broken off by its connection', chunksOf(FILE.subarray(0, 60), SOCKET), 'exportFileCut'],
    ['empty', chunksOf(FILE.subarray(0, 0)), 'exportFileEmpty'],
  ])('is a fault where it is %s, and its address is not told', async (_, chunks, code) => {
    const result = await read(chunks)
    expect(result).toMatchObject({ kind: 'fault', fault: { kind: 'transient', code } })
    expect(JSON.stringify(result)).not.toContain('secret')
  })

  it('is not to blame for a storage that cannot be reached meanwhile', async () => {
    const storage = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    await expect(read(chunksOf(FILE), () => Promise.reject(storage))).rejects.toBe(storage)
  })
})
