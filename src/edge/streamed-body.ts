import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { Body } from './compress.ts'
import type { Connection } from './connection.ts'

export interface Sending {
  gzipAccepted: boolean
  /** Where the body goes out; undefined where that is not known. */
  connection: Connection | undefined
  /** Told what the body broke off for. */
  onBroken: (error: unknown) => void
}

/**
 * Pieces of text as a body that is made while it is sent, and no faster. If they fail the connection is broken, for a body that ended would
 * look whole; if nobody listens any more no further piece is made.
 */
export function streamedBody(chunks: AsyncIterable<string>, { gzipAccepted, connection, onBroken }: Sending): Body {
  const text = Readable.from(bytes(chunks), { objectMode: false })
  const made = gzipAccepted ? compressed(text) : text
  const content = Readable.from(paced(made, connection, onBroken), { objectMode: false })
  return { content, headers: encodingOf(gzipAccepted) }
}

/** The body of an answer whose head alone is wanted: what was begun to be made is let go. */
export async function unsentBody(chunks: AsyncIterable<string>, { gzipAccepted }: Pick<Sending, 'gzipAccepted'>): Promise<Body> {
  await chunks[Symbol.asyncIterator]().return?.()
  return { content: '', headers: encodingOf(gzipAccepted) }
}

const encodingOf = (gzipAccepted: boolean): Record<string, string> => (gzipAccepted ? { 'content-encoding': 'gzip' } : {})

async function* bytes(chunks: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk)
}

function compressed(text: Readable): Readable {
  const gzip = createGzip()
  text.on('error', (error) => gzip.destroy(error)).pipe(gzip)
  gzip.on('close', () => text.destroy())
  return gzip
}

async function* paced(made: Readable, connection: Connection | undefined, onBroken: Sending['onBroken']): AsyncGenerator<Buffer> {
  connection?.onClose(() => made.destroy())
  try {
    for await (const piece of made as AsyncIterable<Buffer>) {
      if (connection && !(await connection.ready())) return
      yield piece
    }
  } catch (error) {
    // Whoever hung up needs no more, and nothing went wrong.
    if (connection?.isLost() === true) return
    onBroken(error)
    connection?.break()
    throw error
  }
}
