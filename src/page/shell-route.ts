import { gunzipSync } from 'node:zlib'
import type { HttpRequest, HttpResponseInit } from '@azure/functions'
import { acceptsGzip } from '../edge/accept.ts'
import { isPlatformParameter } from '../edge/caller-parameters.ts'
import type { Endpoint } from '../edge/endpoint.ts'
import { isNamedBy } from '../http/entity-tag.ts'
import { below } from './below.ts'
import { findPageFile, type PageFile } from './files.ts'
import { PAGE_HEADERS } from './headers.ts'

/** Below the route prefix, of all that belongs to the page. */
export const PAGE_ROOT = 'page'

/**
 * The page without data: anybody may have it, and it tells nothing. Its name comes after those of the other routes below its root: the host tries
 * routes by name, and knows no precedence of literals (https://github.com/Azure/azure-functions-host/issues/9876).
 */
export const pageShellRoute: Endpoint = {
  name: 'pageShell',
  method: 'GET',
  path: `${PAGE_ROOT}/{*path}`,
  authLevel: 'anonymous',
  serve: () => (request) => answerFile(request),
}

async function answerFile(request: HttpRequest): Promise<HttpResponseInit> {
  const { pathname, search } = new URL(request.url)
  const path = below(PAGE_ROOT, pathname)
  // Names of files are relative to the page, which therefore ends in a slash.
  if (path === undefined) return { status: 308, headers: { ...UNKEPT, location: `${PAGE_ROOT}/${withoutKey(search)}` } }
  const file = await findPageFile(path)
  if (!file) return answer(request, 404, { ...UNKEPT, 'content-type': 'text/plain; charset=utf-8' }, 'There is no such file.\n')
  const headers = { ...PAGE_HEADERS, etag: file.etag, 'cache-control': cachingOf(path), vary: 'accept-encoding' }
  if (isNamedBy(file.etag, request.headers.get('if-none-match') ?? undefined)) return { status: 304, headers }
  return answerWith(request, file, { ...headers, 'content-type': file.type })
}

const UNKEPT = { ...PAGE_HEADERS, 'cache-control': 'no-store' }

/** What is named by its content never changes; the shell names the newest. */
const cachingOf = (path: string) => (path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')

function answerWith(request: HttpRequest, { gzip }: PageFile, headers: Record<string, string>): HttpResponseInit {
  if (!acceptsGzip(request.headers.get('accept-encoding'))) return answer(request, 200, headers, gunzipSync(gzip))
  return answer(request, 200, { ...headers, 'content-encoding': 'gzip' }, gzip)
}

const answer = ({ method }: HttpRequest, status: number, headers: Record<string, string>, body: string | Uint8Array): HttpResponseInit =>
  method === 'HEAD' ? { status, headers } : { status, headers, body }

/** A query without the platform's parameters, of which one is a key that no answer repeats. */
function withoutKey(search: string): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((piece) => piece !== '' && !isPlatformParameter(/^[^=]*/.exec(piece)?.[0] ?? ''))
  return kept.length > 0 ? `?${kept.join('&')}` : ''
}
