import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** What the server does with one request. */
export type Step = (request: IncomingMessage, response: ServerResponse) => void

export interface ScriptedServer {
  /** Origin, on a free port. */
  url: string
  /** `START GET /path` and `END GET /path 200` (or `ABORTED`), in order. */
  log: string[]
  /** Headers of each request. */
  headers: IncomingMessage['headers'][]
  /** Connections taken so far. */
  connections: number
  /** The steps to come. */
  script: Step[]
  close(): Promise<void>
}

/** A real HTTP server on loopback that answers its requests by a list of steps, one each. It closes itself with the test. */
export async function startScriptedServer(...steps: Step[]): Promise<ScriptedServer> {
  const scripted = await openScriptedServer(...steps)
  onTestFinished(() => scripted.close())
  return scripted
}

/** The same, to be closed by the caller. */
export async function openScriptedServer(...steps: Step[]): Promise<ScriptedServer> {
  const scripted: ScriptedServer = { url: '', log: [], headers: [], connections: 0, script: steps, close: () => close(server) }
  const server = createServer((request, response) => {
    const name = `${request.method} ${request.url}`
    scripted.log.push(`START ${name}`)
    scripted.headers.push(request.headers)
    response.on('close', () => scripted.log.push(`END ${name} ${response.writableFinished ? response.statusCode : 'ABORTED'}`))
    const step = steps.shift() ?? status(599, 'the script has no step for this request')
    step(request, response)
  })
  server.on('connection', () => {
    scripted.connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  scripted.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return scripted
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)))
    server.closeAllConnections()
  })
}

/** A JSON answer. */
export function json(body: unknown, code = 200, headers: Record<string, string> = {}): Step {
  return (_, response) => {
    response.writeHead(code, { 'content-type': 'application/json; odata.metadata=minimal', ...headers }).end(JSON.stringify(body))
  }
}

/** An answer of any status, with a text. */
export function status(code: number, text = '', headers: Record<string, string> = {}): Step {
  return (_, response) => {
    response.writeHead(code, headers).end(text)
  }
}

/** Closes the connection without a word. */
export const reset: Step = (request) => {
  request.socket.destroy()
}

/** Never answers. */
export const hang: Step = () => {}

/** Promises a body and stops in the middle: closed, or hanging. */
export function breakOff(text: string, then: 'close' | 'hang', code = 200): Step {
  return (_, response) => {
    response.writeHead(code, { 'content-type': 'application/json', 'content-length': String(text.length + 100) })
    response.write(text, () => {
      if (then === 'close') response.destroy()
    })
  }
}
