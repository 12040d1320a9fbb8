/** A name, an IPv4 or a bracketed IPv6 address, with or without a port: `front.example:8443`, `[::1]`. */
const HOST = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?$/i

/**
 * Scheme and host as the caller knows them. A proxy in front tells its own address in `X-Forwarded-Host` and `-Proto`, Azure Application
 * Gateway in `X-Original-Host`; a value that is no plain host or no `http(s)` is ignored.
 * https://learn.microsoft.com/azure/application-gateway/how-application-gateway-works
 */
export function publicOrigin(url: URL, headers: Headers): string {
  const host = ['x-forwarded-host', 'x-original-host'].map((name) => first(headers.get(name))).find((name) => HOST.test(name))
  const protocol = first(headers.get('x-forwarded-proto')).toLowerCase()
  const origin = `${/^https?$/.test(protocol) ? `${protocol}:` : url.protocol}//${host ?? url.host}`
  return URL.canParse(origin) ? new URL(origin).origin : url.origin
}

/** With several proxies in a row the first value is the one nearest to the client. */
const first = (header: string | null) => header?.split(',', 1)[0]?.trim() ?? ''
