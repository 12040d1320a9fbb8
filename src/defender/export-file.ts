import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { isLoopback } from '../is-loopback.ts'
import type { FaultResult } from './fault.ts'
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
  const direct = new Agent(timeouts)
  const isDirect = proxies.httpsProxy === '' && proxies.httpProxy === ''
  const proxied = isDirect ? undefined : new EnvHttpProxyAgent({ ...timeouts, ...proxies })
  return {
    async open(address) {
      const { origin, pathname, search, hostname } = new URL(address)
      const dispatcher: Dispatcher = isLoopback(hostname) ? direct : (proxied ?? direct)
      try {
        const headers = { 'user-agent': 'patchtrail', 'accept-encoding': 'identity' }
        return await answerOf(await dispatcher.request({ origin, path: pathname + search, method: 'GET', headers }))
      } catch (error) {
        return fileFault('exportFileUnreachable', `the file cannot be reached: ${codeOf(error)}`)
      }
    },
    close: async () => {
      await Promise.all([direct.close(), proxied?.close()])
    },
  }
}

async function answerOf({ statusCode, body }: Dispatcher.ResponseData): Promise<ExportFileResult> {
  if (statusCode === 200) return { kind: 'file', chunks: body }
  // What it says is not kept: it may hold the address.
  await body.dump()
  const isExpired = statusCode === 403 || statusCode === 404
  return fileFault(isExpired ? 'exportFileExpired' : 'exportFileRefused', `the file was answered with HTTP ${statusCode}`, statusCode)
}

/** A fault of a file; its text names no address. */
export const fileFault = (code: string, detail: string, status?: number): FaultResult => ({
  kind: 'fault',
  fault: { kind: 'transient', code, detail, ...(status !== undefined && { status }) },
})

/** The system's word for an error; its message may hold the address. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : error instanceof Error ? error.name : 'unknown'
