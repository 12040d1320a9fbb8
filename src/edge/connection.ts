import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** The connection on which an invocation's answer goes out. */
export interface Connection {
  /** Resolves when more is wanted: to false if nobody listens any more. */
  ready(): Promise<boolean>
  /** Whether it was closed before the answer had ended. */
  isLost(): boolean
  /** Calls back when it closes. */
  onClose(closed: () => void): void
  /** Breaks it off, so that what went out cannot look whole. */
  break(): void
}

/** The connection of an invocation; undefined where answers travel in another way. */
export type FindConnection = (invocationId: string) => Connection | undefined

/** Node tells here of every request that a server of this process takes. https://nodejs.org/api/diagnostics_channel.html#http */
const REQUESTS = 'http.server.request.start'

const INVOCATION_ID = 'x-ms-invocation-id'

/**
 * Watches for the connections on which the Functions host fetches answers. With HTTP streams the Functions library serves them from a server
 * of its own, which it gives to nobody: it writes without waiting (a slow client has the answer pile up in memory), does not tell that a
 * client has gone, and after an error neither ends nor breaks the answer: the client waits until the platform gives up, after 230 s.
 * https://github.com/Azure/azure-functions-nodejs-library/issues/294
 * https://github.com/Azure/azure-functions-nodejs-library/issues/324
 * A connection that breaks between worker and host, the host breaks off towards the client as well.
 */
export function watchConnections(): FindConnection {
  const open = new Map<string, ServerResponse>()
  subscribe(REQUESTS, (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    const invocationId = request.headers[INVOCATION_ID]
    if (typeof invocationId !== 'string') return
    open.set(invocationId, response)
    response.once('close', () => open.delete(invocationId))
  })
  return (invocationId) => {
    const response = open.get(invocationId)
    return response && connectionOf(response)
  }
}

function connectionOf(response: ServerResponse): Connection {
  return {
    ready: async () => {
      if (response.writableNeedDrain) await drained(response)
      return !response.closed
    },
    isLost: () => response.closed && !response.writableFinished,
    onClose: (closed) => response.once('close', closed),
    break: () => response.destroy(),
  }
}

/** Resolves when what was written is on its way, or never will be. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}
