import { vi } from 'vitest'
import { type FunctionApp, type FunctionKeys, type HostLogEntry, loadFunctionApp } from '../../dev/host/index.ts'
import type { Outside } from '../../src/outside.ts'

/** The app as its registrations make it: the timer by its name, HTTP over a socket, keys enforced. */
export interface ServedApp {
  app: FunctionApp
  url: string
  hostLog: HostLogEntry[]
  useOutside(parts: Partial<Outside>): void
  /** Sends a request, with the host's key unless another, or none (''), is given. */
  call(path: string, options?: { method?: string; key?: string; body?: string }): Promise<Reply>
}

export interface Reply {
  status: number
  headers: Headers
  text: string
  json: Record<string, unknown>
}

const main = new URL('../../functions/index.ts', import.meta.url).href
export const HOST_KEY = 'the-key-of-the-host'

/** Loads the app with settings in the environment, as a worker does. Once a test file: the functions' library starts once a process. */
export async function serveApp(settings: Record<string, string>, keys: Omit<FunctionKeys, 'host'> = {}): Promise<ServedApp> {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  const hostLog: HostLogEntry[] = []
  const app = await loadFunctionApp({ main, keys: { host: HOST_KEY, ...keys }, log: (entry) => hostLog.push(entry) })
  const { url } = await app.listen({ port: 0 })
  return {
    app,
    url,
    hostLog,
    useOutside: (parts) => (app.exports['useOutside'] as ServedApp['useOutside'])(parts),
    async call(path, { method = 'GET', key = HOST_KEY, body } = {}) {
      const headers: Record<string, string> = key === '' ? {} : { 'x-functions-key': key }
      const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) })
      const text = await response.text()
      const isJson = /^application\/(problem\+)?json\b/.test(response.headers.get('content-type') ?? '') && text !== ''
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: (isJson ? JSON.parse(text) : {}) as Record<string, unknown>,
      }
    },
  }
}
