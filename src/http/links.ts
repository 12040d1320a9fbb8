import { callerParameters } from '../edge/caller-parameters.ts'
import { publicOrigin } from '../edge/public-origin.ts'

/** Builds the absolute links of an answer. */
export interface Links {
  /** This request with another cursor. */
  next(cursor: string): string
  /** Another route, by its path below the route prefix: `openapi.json`. */
  to(path: string): string
  /** Another route about the same tenant: `snapshots/20260612T020000Z`. */
  ofTenant(path: string): string
}

/** Links for a request. `routePath` is the route's template, whose length tells where the route prefix ends; `tenantId` has to be named, if given. */
export function createLinks(requestUrl: string, headers: Headers, routePath: string, tenantId?: string): Links {
  const url = new URL(requestUrl)
  const origin = publicOrigin(url, headers)
  const segments = url.pathname.replace(/\/$/, '').split('/')
  const prefix = segments.slice(0, segments.length - routePath.split('/').length).join('/')
  return {
    next: (cursor) => `${origin}${url.pathname}?${withCursor(url, cursor).toString()}`,
    to: (path) => `${origin}${prefix}/${path}`,
    ofTenant: (path) => `${origin}${prefix}/${path}${tenantId === undefined ? '' : `?tenantId=${tenantId}`}`,
  }
}

function withCursor(url: URL, cursor: string): URLSearchParams {
  const kept = callerParameters(url).filter(([name]) => name !== 'cursor')
  return new URLSearchParams([...kept, ['cursor', cursor]])
}
