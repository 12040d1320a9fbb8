import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

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
