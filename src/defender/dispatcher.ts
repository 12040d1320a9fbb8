import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici'
import { isLoopback } from '../is-loopback.ts'
import type { Proxies } from './proxies.ts'

export interface DispatcherOptions {
  origin: string
  /** Connections at once, with or without a proxy. */
  concurrency: number
  callTimeoutMs: number
  proxies: Proxies
}

/**
 * What leaves this machine may have to go through a proxy; what stays on it never does. Through a proxy every call goes in a tunnel, so
 * that the token is seen at the tunnel's other end only.
 */
export function createDispatcher({ origin, concurrency, callTimeoutMs, proxies }: DispatcherOptions): Dispatcher {
  const connections = { connections: concurrency, pipelining: 1, connect: { timeout: callTimeoutMs } }
  return isWithoutProxy(new URL(origin).hostname, proxies)
    ? new Pool(origin, connections)
    : new EnvHttpProxyAgent({ ...connections, ...proxies })
}

/** What stays on this machine goes through no proxy, and nothing does where there is none. */
export const isWithoutProxy = (hostname: string, { httpsProxy, httpProxy }: Proxies): boolean =>
  isLoopback(hostname) || (httpsProxy === '' && httpProxy === '')
