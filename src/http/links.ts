/** Builds the absolute links of an answer. */
export interface Links {
  /** This request with another cursor. */
  next(cursor: string): string
  /** Another route, by its path below the route prefix: `snapshots/20260612T020000Z`. */
  to(path: string): string
}

/** Parameters of the platform: accepted everywhere, echoed nowhere. `code` is the function key. */
const PLATFORM_PARAMETERS: readonly string[] = ['code', 'clientId']

/** The Functions host reads its parameters in any letter case: a key is one however it is written. */
export function isPlatformParameter(name: string): boolean {
  return PLATFORM_PARAMETERS.some((own) => own.toLowerCase() === name.toLowerCase())
}

/** A name, an IPv4 or a bracketed IPv6 address, with or without a port. */
const HOST = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?$/i

/**
 * Links for a request. A proxy in front tells its own address in `X-Forwarded-Host` and `-Proto`; a value that is no plain host or
 * no `http(s)` is ignored. `routePath` is the route's template, whose length tells where the route prefix ends.
 */
export function createLinks(requestUrl: string, headers: Headers, routePath: string): Links {
  const url = new URL(requestUrl)
  const origin = publicOrigin(url, headers)
  const segments = url.pathname.replace(/\/$/, '').split('/')
  const prefix = segments.slice(0, segments.length - routePath.split('/').length).join('/')
  return {
    next: (cursor) => `${origin}${url.pathname}?${withCursor(url.searchParams, cursor).toString()}`,
    to: (path) => `${origin}${prefix}/${path}`,
  }
}

function withCursor(given: URLSearchParams, cursor: string): URLSearchParams {
  const kept = [...given].filter(([name]) => name !== 'cursor' && !isPlatformParameter(name))
  return new URLSearchParams([...kept, ['cursor', cursor]])
}

/** Scheme and host as the caller knows them. */
export function publicOrigin(url: URL, headers: Headers): string {
  const host = first(headers.get('x-forwarded-host'))
  const protocol = first(headers.get('x-forwarded-proto')).toLowerCase()
  const origin = `${/^https?$/.test(protocol) ? `${protocol}:` : url.protocol}//${HOST.test(host) ? host : url.host}`
  return URL.canParse(origin) ? new URL(origin).origin : url.origin
}

/** With several proxies in a row the first value is the one nearest to the client. */
const first = (header: string | null) => header?.split(',', 1)[0]?.trim() ?? ''
