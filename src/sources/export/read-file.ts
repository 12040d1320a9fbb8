import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type FaultResult, systemCodeOf, transient } from '../../defender/index.ts'
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
  let broken: Error | undefined
  source.on('error', (error) => gunzip.destroy(error))
  gunzip.on('error', (error) => (broken = error))
  let looked = 0
  try {
    for await (const chunk of source.pipe(gunzip) as AsyncIterable<Buffer>) {
      lines.push(chunk)
      if (++looked % limits.chunksBetweenLooks === 0 && (await look()) === 'stop') return { kind: 'stopped' }
    }
  } catch (error) {
    // Of the storage, or a mistake of this program, it is no fault of the file.
    if (error !== broken) throw error
  } finally {
    source.destroy()
    gunzip.destroy()
  }
  if (bytes === 0) return transient('exportFileEmpty', 'the file has not one byte')
  if (broken) return transient('exportFileCut', `the file broke off, or is no gzip: ${systemCodeOf(broken)}`)
  lines.end()
  return { kind: 'read', counts: rows.counts }
}
