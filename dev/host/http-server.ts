import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { listenOnLoopback } from '../loopback.ts'
import { type HostRequest, type HostResponse, joinHeaders, problemResponse } from './host-request.ts'

export interface Listening {
  /** `http://127.0.0.1:<port>`, without the route prefix. */
  url: string
  /** Takes no more requests; resolves when those under way are answered. */
  close(): Promise<void>
}

type Handle = (request: HostRequest) => Promise<HostResponse>

/** Serves `handle` over HTTP on the loopback interface. Port 0 takes a free one. Rejects if the port is taken. */
export async function listenHttp(port: number, handle: Handle): Promise<Listening> {
  const server = createServer((incoming, outgoing) => {
    // A kept-alive connection would hold a closing server open for seconds after its last answer.
    outgoing.on('close', () => {
      if (!server.listening) server.closeIdleConnections()
    })
    void answer(incoming, outgoing, handle)
  })
  return { url: await listenOnLoopback(server, port), close: () => closeServer(server) }
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, handle: Handle): Promise<void> {
  try {
    const url = urlOf(incoming)
    const response = url ? await handle(toRequest(incoming, url)) : NO_URL
    outgoing.statusCode = response.status
    for (const [name, value] of response.headers) outgoing.appendHeader(name, value)
    if (Buffer.isBuffer(response.body)) outgoing.end(response.body)
    else await pipeline(response.body, outgoing)
  } catch {
    // The caller hung up, or the function failed in the middle of its body, which its invocation has logged. Neither can be told by a status.
    outgoing.destroy()
  }
}

const NO_URL = problemResponse(400, 'Bad Request', 'The Host header and the target of the request make no address.')

/** The address that a request is for; undefined where its target, or its Host, is none. https://www.rfc-editor.org/rfc/rfc9112#section-3.2 */
function urlOf({ headers: { host }, url: target = '/' }: IncomingMessage): URL | undefined {
  // A proxy's client sends the whole address, which goes before Host.
  if (/^https?:\/\//i.test(target)) return URL.canParse(target) ? new URL(target) : undefined
  const authority = host === undefined || host === '' ? '127.0.0.1' : host
  if (!target.startsWith('/') || /[/?#@\\\s]/.test(authority) || !URL.canParse(`http://${authority}${target}`)) return undefined
  return new URL(`http://${authority}${target}`)
}

function toRequest(incoming: IncomingMessage, url: URL): HostRequest {
  const hasBody = incoming.headers['content-length'] !== undefined || incoming.headers['transfer-encoding'] !== undefined
  return {
    method: incoming.method ?? 'GET',
    url,
    headers: joinHeaders(incoming.headers),
    body: hasBody ? incoming : undefined,
  }
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
    server.closeIdleConnections()
  })
}
