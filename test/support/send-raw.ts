import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'

export interface RawReply {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** As they came, compressed or not. */
  bytes: Buffer
  /** Not compressed. */
  text: string
  /** What `JSON.parse` makes of it; undefined for an answer that says that it is something else. */
  json: unknown
}

export interface Raw {
  method?: string
  headers?: Record<string, string>
}

/** Sends a request with its path and its headers as they are: `fetch` takes `..` out of one and adds to the other. */
export async function sendRaw(origin: string, path: string, { method = 'GET', headers = {} }: Raw = {}): Promise<RawReply> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('error', reject).on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(replyOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks))))
    })
    sent.on('error', reject).end()
  })
}

function replyOf(status: number, headers: RawReply['headers'], bytes: Buffer): RawReply {
  const text = (headers['content-encoding'] === 'gzip' && bytes.length > 0 ? gunzipSync(bytes) : bytes).toString()
  const isJson = /^application\/(problem\+)?json\b/.test(String(headers['content-type'])) && text !== ''
  return { status, headers, bytes, text, json: isJson ? JSON.parse(text) : undefined }
}
