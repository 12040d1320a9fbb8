/** The proxies of the environment, as most programs read them: '' is none. */
export interface Proxies {
  /** For `https:`, e.g. `http://proxy.example:8080`; may hold a password. */
  httpsProxy: string
  /** For `http:`, and for `https:` where that has none. */
  httpProxy: string
  /** Hosts that are reached without, between commas. */
  noProxy: string
}

export const NO_PROXIES: Proxies = { httpsProxy: '', httpProxy: '', noProxy: '' }

export type ProxiesResult = { ok: true; proxies: Proxies } | { ok: false; name: string }

/** Reads the proxies; `name` is the variable that holds no address of one. The lower-case names come first, as in curl. */
export function readProxies(environment: Record<string, string | undefined>): ProxiesResult {
  const read = (name: string) => (environment[name.toLowerCase()] ?? environment[name] ?? '').trim()
  const proxies = { httpsProxy: read('HTTPS_PROXY'), httpProxy: read('HTTP_PROXY'), noProxy: read('NO_PROXY') }
  if (!isProxy(proxies.httpsProxy)) return { ok: false, name: 'HTTPS_PROXY' }
  if (!isProxy(proxies.httpProxy)) return { ok: false, name: 'HTTP_PROXY' }
  return { ok: true, proxies }
}

const isProxy = (text: string) => text === '' || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))
