import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { isWithoutProxy } from './dispatcher.ts'
import { type FaultResult, transient } from './fault.ts'
import type { Proxies } from './proxies.ts'

/** A file that is being downloaded: `chunks` as they are sent, compressed. Leaving them early lets go of the connection. */
export type ExportFileResult = { kind: 'file'; chunks: AsyncIterable<Uint8Array> } | FaultResult

export interface ExportFiles {
  /** One GET without the bearer token, never redirected. */
  open(address: string): Promise<ExportFileResult>
  close(): Promise<void>
}

/** Connections of their own: files lie at another host than the API, and an address there is a credential by itself. */
export function createExportFiles({ proxies, idleTimeoutMs }: { proxies: Proxies; idleTimeoutMs: number }): ExportFiles {
  const timeouts = { headersTimeout: idleTimeoutMs, bodyTimeout: idleTimeoutMs, connect: { timeout: idleTimeoutMs } }
  // Most slices download nothing.
  const opened = new Map<boolean, Dispatcher>()
  const dispatcherFor = (hostname: string): Dispatcher => {
    const isDirect = isWithoutProxy(hostname, proxies)
    const dispatcher = opened.get(isDirect) ?? (isDirect ? new Agent(timeouts) : new EnvHttpProxyAgent({ ...timeouts, ...proxies }))
    opened.set(isDirect, dispatcher)
    return dispatcher
  }
  return {
    async open(address) {
      const { origin, pathname, search, hostname } = new URL(address)
      try {
        const headers = { 'user-agent': 'patchtrail', 'accept-encoding': 'identity' }
        return await answerOf(await dispatcherFor(hostname).request({ origin, path: pathname + search, method: 'GET', headers }))
      } catch (error) {
        return transient('exportFileUnreachable', `the file cannot be reached: ${systemCodeOf(error)}`)
      }
    },
    close: async () => {
      await Promise.all([...opened.values()].map((dispatcher) => dispatcher.close()))
    },
  }
}

async function answerOf({ statusCode, body }: Dispatcher.ResponseData): Promise<ExportFileResult> {
  if (statusCode === 200) return { kind: 'file', chunks: body }
  // What it says is not kept: it may hold the address.
  await body.dump()
  const isExpired = statusCode === 403 || statusCode === 404
  const { fault } = transient(isExpired ? 'exportFileExpired' : 'exportFileRefused', `the file was answered with HTTP ${statusCode}`)
  return { kind: 'fault', fault: { ...fault, status: statusCode } }
}

/** The system's word for an error; its message may hold an address. */
export const systemCodeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : error instanceof Error ? error.name : 'unknown'
