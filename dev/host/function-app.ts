import type { AppFunction } from './app-function.ts'
import { type FunctionKeys, isAuthorized } from './authorize.ts'
import { findRoute } from './find-route.ts'
import { logFailure } from './host-log.ts'
import { runHooks } from './hooks.ts'
import { invokeHttpFunction } from './http-invocation.ts'
import { type Listening, listenHttp } from './http-server.ts'
import { collect, emptyResponse, type HostRequest, type HostResponse } from './host-request.ts'
import type { InvocationHost } from './invocation.ts'
import { closeRegistry } from './registry.ts'
import { runTimerFunction, type TimerRun } from './run-timer.ts'
import type { StreamProxy } from './stream-proxy.ts'

export interface HttpCall {
  method: string
  /** Absolute, or a path with the route prefix: `/api/health`. */
  url: string
  headers?: Record<string, string>
  body?: string | Buffer
}

export interface HttpAnswer {
  status: number
  headers: Headers
  body: Buffer
}

/** A started function app. */
export interface FunctionApp {
  /** Sorted by name. */
  functions: AppFunction[]
  /** What the entry module exports. */
  exports: Record<string, unknown>
  /**
   * Runs a timer function now. Rejects with what its handler throws, and if that timer is running: the real host never overlaps a timer on
   * one instance.
   */
  runTimer(name: string, run?: TimerRun): Promise<void>
  /** Sends a request through the registration without a listening port. An error of the handler is a 500, as over HTTP. */
  invokeHttp(call: HttpCall): Promise<HttpAnswer>
  /** Serves all HTTP functions on 127.0.0.1. */
  listen(options: { port: number }): Promise<Listening>
  /** Stops serving, runs the `appTerminate` hooks, and lets go of the process. */
  terminate(): Promise<void>
}

interface Started {
  host: InvocationHost
  functions: AppFunction[]
  exports: Record<string, unknown>
  proxy: StreamProxy | undefined
  keys: FunctionKeys | undefined
}

/** Wires the pieces of a started app together. */
export function createFunctionApp(started: Started): FunctionApp {
  const { host, functions, exports, proxy } = started
  const listening = new Set<Listening>()
  const runningTimers = new Set<string>()
  return {
    functions,
    exports,
    runTimer: (name, run = {}) => runTimer(started, runningTimers, name, run),
    async invokeHttp(call) {
      const { status, headers, body } = await handleRequest(started, toHostRequest(call))
      return { status, headers, body: await collect(body) }
    },
    async listen({ port }) {
      const server = await listenHttp(port, (request) => handleRequest(started, request))
      listening.add(server)
      return { url: server.url, close: () => (listening.delete(server), server.close()) }
    },
    async terminate() {
      await Promise.all([...listening].map((server) => server.close()))
      listening.clear()
      await runHooks(host.registry, 'appTerminate', { hookData: {}, appHookData: host.registry.appHookData })
      await proxy?.close()
      closeRegistry()
    },
  }
}

async function runTimer({ host, functions }: Started, running: Set<string>, name: string, run: TimerRun): Promise<void> {
  const appFunction = functions.find((one) => one.name === name)
  if (appFunction?.trigger.type !== 'timerTrigger') throw new Error(`There is no timer function "${name}".`)
  if (running.has(name)) throw new Error(`The timer "${name}" is running; the host never runs one twice at a time.`)
  running.add(name)
  try {
    await runTimerFunction(host, appFunction, run)
  } finally {
    running.delete(name)
  }
}

/** The host's pipeline: route, key, invocation. Does not reject. */
async function handleRequest({ host, functions, proxy, keys }: Started, request: HostRequest): Promise<HostResponse> {
  const route = findRoute(functions, request.method, request.url.pathname)
  if (!route) return emptyResponse(404)
  const { name } = route.appFunction
  if (keys && !isAuthorized(route.trigger.authLevel, name, keys, request.headers['x-functions-key'], request.url)) return emptyResponse(401)
  try {
    return await invokeHttpFunction(host, route, request, proxy)
  } catch (error) {
    logFailure(host.log, name, error)
    return emptyResponse(500)
  }
}

function toHostRequest({ method, url, headers = {}, body }: HttpCall): HostRequest {
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return {
    method,
    url: new URL(url, 'http://localhost'),
    headers: lowerCase,
    body: typeof body === 'string' ? Buffer.from(body) : body,
  }
}
