import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { cutOff, listenOnLoopback } from '../loopback.ts'
import { ConnectionLost, type Answer, type StreamAnswer } from './answer.ts'

export interface Received {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  /** Reads the body as text. */
  text: () => Promise<string>
}

export interface RunningServer {
  url: string
  close: () => Promise<void>
}

/** What a server shows for itself, as PEM. */
export interface ServerCertificate {
  key: string
  certificate: string
}

/** Serves answers on a loopback port; 0 takes a free one; over https with a certificate. `close` cuts connections that wait for an answer. */
export async function serve(
  port: number,
  answer: (request: Received) => Answer | Promise<Answer>,
  secured?: ServerCertificate,
): Promise<RunningServer> {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    respond(request, response, answer).catch((error: unknown) => {
      // A mistake in the simulator: the caller must not take it for a fault that was asked for.
      console.error('simulator:', error)
      response.destroy()
    })
  }
  const options = { keepAlive: true, keepAliveTimeout: 60_000 }
  const server = secured
    ? createTlsServer({ ...options, key: secured.key, cert: secured.certificate }, listener)
    : createServer(options, listener)
  return { url: await listenOnLoopback(server, port), close: () => cutOff(server) }
}

async function respond(request: IncomingMessage, response: ServerResponse, answer: (request: Received) => Answer | Promise<Answer>) {
  const { method = 'GET', headers } = request
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const given = await answer({ method, url, headers, text: () => textOf(request) })
  if (given.kind === 'hang') return
  if (given.kind === 'reset') {
    request.socket.resetAndDestroy()
    return
  }
  if (given.delayMilliseconds !== undefined) await sleep(given.delayMilliseconds, undefined, { ref: false })
  if (given.kind === 'stream') {
    await streamTo(response, given)
    return
  }
  response.writeHead(given.status, { ...given.headers, 'content-length': Buffer.byteLength(given.body) })
  if (given.kind === 'complete') response.end(given.body)
  else {
    const half = given.body.slice(0, Math.floor(given.body.length / 2))
    response.write(half, () => (given.kind === 'truncated' ? request.socket.destroy() : undefined))
  }
}

/** Sends a body as fast as it is read. Whoever goes away is not waited for. */
async function streamTo(response: ServerResponse, { status, headers, chunks }: StreamAnswer): Promise<void> {
  response.writeHead(status, headers)
  const gone = new Promise<void>((resolve) => response.once('close', resolve))
  try {
    for await (const chunk of chunks) {
      if (response.destroyed) return
      if (!response.write(chunk)) await Promise.race([once(response, 'drain'), gone])
    }
    response.end()
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error
    if (error.how === 'reset') response.socket?.resetAndDestroy()
    else response.socket?.destroySoon()
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
