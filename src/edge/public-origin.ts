/** A name, an IPv4 or a bracketed IPv6 address, with or without a port: `front.example:8443`, `[::1]`. */
const HOST = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?$/i

/**
 * Scheme and host as the caller knows them. A proxy in front tells its own address in `X-Forwarded-Host` and `-Proto`; a value that is no
 * plain host or no `http(s)` is ignored.
 */
export function publicOrigin(url: URL, headers: Headers): string {
  const host = first(headers.get('x-forwarded-host'))
  const protocol = first(headers.get('x-forwarded-proto')).toLowerCase()
  const origin = `${/^https?$/.test(protocol) ? `${protocol}:` : url.protocol}//${HOST.test(host) ? host : url.host}`
  return URL.canParse(origin) ? new URL(origin).origin : url.origin
}

/** With several proxies in a row the first value is the one nearest to the client. */
const first = (header: string | null) => header?.split(',', 1)[0]?.trim() ?? ''
