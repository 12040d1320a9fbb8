import { type ClientRequest, type IncomingMessage, request as httpRequest, type Server as HttpServer } from 'node:http'
import { type AddressInfo, Server } from 'node:net'
import { Readable } from 'node:stream'
import { cutOff } from '../loopback.ts'
import type { ProgrammingModel } from './core-api.ts'
import { type HostRequest, type HostResponse, toHeaders } from './host-request.ts'
import type { InvocationOutcome } from './invocation.ts'

/**
 * How long the real host waits for the next byte of an answer.
 * https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.Grpc/Server/DefaultHttpProxyService.cs
 */
const ACTIVITY_TIMEOUT_MS = 240_000

/** Asks the programming model for its capabilities, which starts the library's server if the app has set HTTP streams up. */
export async function startStreamProxy(model: ProgrammingModel, activityTimeoutMs = ACTIVITY_TIMEOUT_MS): Promise<StreamProxy | undefined> {
  const listening = captureListen()
  let asked
  try {
    asked = model.getCapabilities?.({})
  } finally {
    listening.release()
  }
  const capabilities = await asked
  if (!capabilities?.['HttpUri']) return undefined
  const server = listening.server()
  if (!server) throw new Error('The library names an HttpUri, but has started no server: its way of streaming has changed.')
  return new StreamProxy(server, activityTimeoutMs)
}

/**
 * The library listens on every interface and hands its server to nobody. While it starts, this keeps it on loopback, and keeps hold of the
 * server, so that the process can end.
 */
function captureListen() {
  const prototype = Server.prototype as { listen: (...args: unknown[]) => unknown }
  const { listen } = prototype
  let server: HttpServer | undefined
  prototype.listen = new Proxy(listen, {
    apply: (target, self: HttpServer, args: unknown[]) => {
      server = self
      return Reflect.apply(target, self, [0, '127.0.0.1', args.find((arg) => typeof arg === 'function')])
    },
  })
  return {
    server: () => server,
    release: () => {
      prototype.listen = listen
    },
  }
}

/**
 * With `app.setup({ enableHttpStream: true })` bodies do not travel with the invocation: the library opens an HTTP server of its own, the
 * host forwards each request to it under the invocation's id, and the handler's answer comes back on that connection.
 */
export class StreamProxy {
  readonly #server: HttpServer
  readonly #activityTimeoutMs: number

  constructor(server: HttpServer, activityTimeoutMs: number) {
    this.#server = server
    this.#activityTimeoutMs = activityTimeoutMs
  }

  /**
   * Rejects if the invocation fails before its status is out. A later failure goes to `onLateFailure` and does nothing to the body, since the
   * real host hears of it only when the body has ended: neither it nor the library breaks it off, so a client waits until the host does.
   */
  async forward(
    invocationId: string,
    request: HostRequest,
    invocation: Promise<InvocationOutcome>,
    onLateFailure: (error: Error) => void,
  ): Promise<HostResponse> {
    const upstream = openUpstream((this.#server.address() as AddressInfo).port, invocationId, request)
    const answered = new Promise<IncomingMessage>((resolve, reject) => upstream.on('response', resolve).on('error', reject))
    send(request, upstream)
    const unanswered = invocation.then(({ result }) => {
      if (result === null || result === undefined)
        throw new Error('The handler returned nothing. With HTTP streams the real host would hang.')
      return answered
    })
    try {
      const response = await Promise.race([answered, unanswered])
      unanswered.catch(onLateFailure)
      response.setTimeout(this.#activityTimeoutMs, () => response.destroy())
      return { status: response.statusCode ?? 500, headers: toHeaders(response.headers), body: response }
    } catch (error) {
      // Which of the two failed is thrown; that the other one then fails as well is no news.
      answered.catch(() => undefined)
      unanswered.catch(() => undefined)
      upstream.destroy()
      throw error
    }
  }

  close(): Promise<void> {
    return cutOff(this.#server)
  }
}

function openUpstream(port: number, invocationId: string, { method, url, headers }: HostRequest): ClientRequest {
  return httpRequest({
    host: '127.0.0.1',
    port,
    // A connection of its own, so that breaking one answer off touches no other.
    agent: false,
    method,
    path: url.pathname + url.search,
    headers: {
      ...headers,
      'x-ms-invocation-id': invocationId,
      'x-forwarded-host': url.host,
      'x-forwarded-proto': url.protocol.replace(':', ''),
    },
  })
}

function send({ body }: HostRequest, upstream: ClientRequest): void {
  if (!(body instanceof Readable)) {
    upstream.end(body)
    return
  }
  body.on('error', (error) => upstream.destroy(error))
  body.pipe(upstream)
}
