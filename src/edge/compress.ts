import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { createGzip, gzip } from 'node:zlib'

/** Below this many characters the gzip header and the time cost more than is saved. */
const WORTH_IT = 1024

export interface Body {
  content: string | Uint8Array | Readable
  headers: Record<string, string>
}

/** A text as a body, compressed where it is worth it. */
export async function textBody(text: string, gzipAccepted: boolean): Promise<Body> {
  if (!gzipAccepted || text.length < WORTH_IT) return { content: text, headers: {} }
  return { content: await promisify(gzip)(text), headers: { 'content-encoding': 'gzip' } }
}

/** Pieces of text as a body that is made while it is sent. */
export function chunkedBody(chunks: Iterable<string>, gzipAccepted: boolean): Body {
  const text = Readable.from(bytes(chunks), { objectMode: false })
  if (!gzipAccepted) return { content: text, headers: {} }
  const compressed = createGzip()
  text.on('error', (error) => compressed.destroy(error)).pipe(compressed)
  compressed.on('close', () => text.destroy())
  return { content: compressed, headers: { 'content-encoding': 'gzip' } }
}

function* bytes(chunks: Iterable<string>): Generator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}
