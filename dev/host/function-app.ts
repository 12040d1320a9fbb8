import { randomUUID } from 'node:crypto'
import { type FunctionKeys, isAuthorized } from './authorize.ts'
import { findRoute, methodsOf } from './find-route.ts'
import { logFailure } from './host-log.ts'
import { invokeHttpFunction } from './http-invocation.ts'
import { type Listening, listenHttp } from './http-server.ts'
import { collect, emptyResponse, type HostRequest, type HostResponse, problemResponse } from './host-request.ts'
import { type InvocationHost, invocationRequest, invoke } from './invocation.ts'
import type { MessageQueue } from './message-queue.ts'
import { listenerOf } from './queue-invocation.ts'
import type { QueueListener } from './queue-listener.ts'
import { closeRegistry, runHooks } from './registry.ts'
import type { StreamProxy } from './stream-proxy.ts'
import { type AppFunction, isQueueFunction } from './trigger.ts'

export interface TimerRun {
  /** Whether the run makes up for a missed one. Default false. */
  isPastDue?: boolean
  /** ISO 8601 instants. By default those of a timer that has never run. */
  scheduleStatus?: { last: string; next: string; lastUpdated: string }
}

const NEVER = '0001-01-01T00:00:00+00:00'

interface Started {
  host: InvocationHost
  /** Sorted by name. */
  functions: AppFunction[]
  /** What the entry module exports. */
  exports: Record<string, unknown>
  proxy: StreamProxy | undefined
  keys: FunctionKeys | undefined
}

/** A started function app. */
export class FunctionApp {
  readonly functions: readonly AppFunction[]
  readonly exports: Record<string, unknown>
  readonly #started: Started
  readonly #listening = new Set<Listening>()
  readonly #runningTimers = new Set<string>()
  #listeners: QueueListener[] | undefined

  constructor(started: Started) {
    this.#started = started
    this.functions = started.functions
    this.exports = started.exports
  }

  /**
   * Runs a timer function now. Rejects with what its handler throws, and if that timer is running: the real host never overlaps a timer on
   * one instance.
   */
  async runTimer(name: string, { isPastDue = false, scheduleStatus }: TimerRun = {}): Promise<void> {
    const appFunction = this.functions.find((one) => one.name === name)
    if (appFunction?.trigger.type !== 'timerTrigger') throw new Error(`There is no timer function "${name}".`)
    if (this.#runningTimers.has(name)) throw new Error(`The timer "${name}" is running; the host never runs one twice at a time.`)
    const { last, next, lastUpdated } = scheduleStatus ?? { last: NEVER, next: NEVER, lastUpdated: NEVER }
    const timer = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: { Last: last, Next: next, LastUpdated: lastUpdated },
      IsPastDue: isPastDue,
    }
    this.#runningTimers.add(name)
    try {
      await invoke(this.#started.host, appFunction, invocationRequest(appFunction, randomUUID(), { json: JSON.stringify(timer) }, {}))
    } finally {
      this.#runningTimers.delete(name)
    }
  }

  /**
   * Has every function that a queue triggers deal with its messages, until none is visible and none is in flight: those included that the
   * functions themselves send, that fail and are visible again, and that are moved to a queue which another function takes. Resolves to how
   * many invocations were made, failed ones counted. Rejects if it is under way, if a connection string is not set, and if a queue cannot be
   * read.
   */
  async takeMessages(): Promise<number> {
    const listeners = (this.#listeners ??= this.functions.filter(isQueueFunction).map((one) => listenerOf(this.#started.host, one)))
    const received = () => listeners.reduce((total, listener) => total + listener.received, 0)
    for (let invocations = 0; ;) {
      const before = received()
      for (const made of await Promise.all(listeners.map((listener) => listener.takeMessages()))) invocations += made
      if (received() === before) return invocations
    }
  }

  /**
   * A listener of its own for a function that a queue triggers, as another instance of the app has one; `alter` may stand between it and the
   * queue, to play the death of that instance.
   */
  listener(name: string, alter?: (queue: MessageQueue) => MessageQueue): QueueListener {
    const appFunction = this.functions.filter(isQueueFunction).find((one) => one.name === name)
    if (!appFunction) throw new Error(`There is no queue function "${name}".`)
    return listenerOf(this.#started.host, appFunction, alter)
  }

  /**
   * Sends a request through the registration without a listening port; `url` is absolute, or a path with the route prefix: `/api/health`. An
   * error of the handler is a 500, as over HTTP.
   */
  async invokeHttp(call: { method: string; url: string; headers?: Record<string, string>; body?: string | Buffer }) {
    const { status, headers, body } = await handleRequest(this.#started, {
      method: call.method,
      url: new URL(call.url, 'http://localhost'),
      headers: Object.fromEntries(Object.entries(call.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
      body: typeof call.body === 'string' ? Buffer.from(call.body) : call.body,
    })
    return { status, headers, body: await collect(body) }
  }

  /** Serves all HTTP functions on 127.0.0.1. */
  async listen({ port }: { port: number }): Promise<Listening> {
    const server = await listenHttp(port, (request) => handleRequest(this.#started, request))
    this.#listening.add(server)
    return { url: server.url, close: () => (this.#listening.delete(server), server.close()) }
  }

  /** Stops serving, runs the `appTerminate` hooks, and lets go of the process. */
  async terminate(): Promise<void> {
    const { host, proxy } = this.#started
    await Promise.all([...this.#listening].map((server) => server.close()))
    this.#listening.clear()
    await runHooks(host.registry, 'appTerminate', { hookData: {}, appHookData: host.registry.appHookData })
    await proxy?.close()
    closeRegistry()
  }
}

/** The host's pipeline: route, key, invocation. Does not reject. */
async function handleRequest({ host, functions, proxy, keys }: Started, request: HostRequest): Promise<HostResponse> {
  const route = findRoute(functions, request.method, request.url.pathname)
  if (!route) return noRoute(functions, request)
  const { name } = route.appFunction
  if (keys && !isAuthorized(route.trigger.authLevel, name, keys, request.headers['x-functions-key'], request.url)) return emptyResponse(401)
  try {
    return await invokeHttpFunction(host, route, request, proxy)
  } catch (error) {
    logFailure(host.log, name, error)
    return emptyResponse(500)
  }
}

function noRoute(functions: readonly AppFunction[], { method, url }: HostRequest): HostResponse {
  const others = methodsOf(functions, url.pathname)
  const detail = others.length > 0 ? `It takes ${others.join(', ')}, and no ${method}.` : 'No function has this address.'
  return problemResponse(404, 'Not Found', detail)
}
