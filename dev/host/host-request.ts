import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'

/** A request on its way to a function: headers in lower case, `url` absolute. */
export interface HostRequest {
  method: string
  url: URL
  headers: Record<string, string>
  body: Buffer | Readable | undefined
}

export interface HostResponse {
  status: number
  headers: Headers
  body: Buffer | Readable
}

/** An answer of the host itself to a function that failed, or a caller without a key; like the real one it says nothing but the status. */
export function emptyResponse(status: number): HostResponse {
  return { status, headers: new Headers(), body: Buffer.alloc(0) }
}

/**
 * An answer of the host itself to a request that is no function's. The real one has the status and nothing else; whoever tries the API here
 * is told what is wrong. https://www.rfc-editor.org/rfc/rfc9457
 */
export function problemResponse(status: number, title: string, detail: string): HostResponse {
  const problem = { type: 'about:blank', title, status, detail }
  return {
    status,
    headers: new Headers({ 'content-type': 'application/problem+json; charset=utf-8' }),
    body: Buffer.from(JSON.stringify(problem)),
  }
}

// https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1: these belong to one connection and are not forwarded.
const connectionHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** One value per request header, repeated ones joined by a comma, without those that belong to the connection. */
export function joinHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value === undefined || connectionHeaders.has(name)) return []
      return [[name, Array.isArray(value) ? value.join(', ') : value]]
    }),
  )
}

/** Response headers, of which `set-cookie` may come several times. */
export function toHeaders(incoming: IncomingHttpHeaders): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming)) {
    if (value === undefined || connectionHeaders.has(name)) continue
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one)
  }
  return headers
}

export async function collect(body: Buffer | Readable | undefined): Promise<Buffer> {
  if (body === undefined || Buffer.isBuffer(body)) return body ?? Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
