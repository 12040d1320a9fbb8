import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { listenOnLoopback } from '../loopback.ts'
import { type HostRequest, type HostResponse, joinHeaders } from './host-request.ts'

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
    const response = await handle(toRequest(incoming))
    outgoing.statusCode = response.status
    for (const [name, value] of response.headers) outgoing.appendHeader(name, value)
    if (Buffer.isBuffer(response.body)) outgoing.end(response.body)
    else await pipeline(response.body, outgoing)
  } catch {
    // The caller hung up, or the function failed in the middle of its body, which its invocation has logged. Neither can be told by a status.
    outgoing.destroy()
  }
}

function toRequest(incoming: IncomingMessage): HostRequest {
  const hasBody = incoming.headers['content-length'] !== undefined || incoming.headers['transfer-encoding'] !== undefined
  return {
    method: incoming.method ?? 'GET',
    url: new URL(`http://${incoming.headers.host ?? '127.0.0.1'}${incoming.url ?? '/'}`),
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
