import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { FaultResult } from '../../defender/index.ts'
import { LineSplitter } from './line-splitter.ts'
import type { MachineSets } from './machine-sets.ts'
import type { PairRegister } from './pair-register.ts'
import { READING_POLICY, type ReadingLimits } from './reading-policy.ts'
import { type LineCounts, RowReader } from './row-reader.ts'

export interface FileReading {
  sets: MachineSets
  register: PairRegister
  /** Asked now and then: renews what has to be, makes room where too much is held, and says whether to go on. */
  look: () => Promise<'goOn' | 'stop'>
  limits?: ReadingLimits
}

/** What reading a file came to. `stopped`: there was no more time; what was read of it is not kept. */
export type FileRead = { kind: 'read'; counts: LineCounts } | { kind: 'stopped' } | FaultResult

/** Reads a compressed file to its end, as it comes: what its rows say is taken up by the sets. Never held as a whole, and never resumed. */
export async function readFile(
  chunks: AsyncIterable<Uint8Array>,
  { sets, register, look, limits = READING_POLICY }: FileReading,
): Promise<FileRead> {
  const rows = new RowReader(sets, register)
  const lines = new LineSplitter(rows, limits)
  let bytes = 0
  const counted = async function* () {
    for await (const chunk of chunks) {
      bytes += chunk.length
      yield chunk
    }
  }
  const source = Readable.from(counted(), { objectMode: false, highWaterMark: limits.aheadBytes })
  const gunzip = createGunzip({ chunkSize: limits.chunkBytes })
  source.on('error', (error) => gunzip.destroy(error))
  let looked = 0
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Buffer>) {
      lines.push(chunk)
      if (++looked % limits.chunksBetweenLooks === 0 && (await look()) === 'stop') return { kind: 'stopped' }
    }
  } catch (error) {
    if (!isOfStream(error)) throw error
    return fault('exportFileCut', `the file broke off, or is no gzip: ${error.code}`)
  } finally {
    source.destroy()
    gunzip.destroy()
  }
  lines.end()
  return bytes === 0 ? fault('exportFileEmpty', 'the file has not one byte') : { kind: 'read', counts: rows.counts }
}

const fault = (code: string, detail: string): FaultResult => ({ kind: 'fault', fault: { kind: 'transient', code, detail } })

/** Errors of zlib, sockets and undici have a code; what has none is a mistake of this program, or of the storage. */
const isOfStream = (error: unknown): error is Error & { code: string } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^(Z_|UND_ERR|ECONN|EPIPE|ETIMEDOUT|ERR_STREAM)/.test(error.code)
