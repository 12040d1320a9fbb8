import { ServiceError } from './service-error.ts'

/** One operation of a `$batch` body, as an HTTP request of its own. */
export interface BatchPart {
  method: string
  /** Absolute, as the client writes it. */
  url: string
  /** By lower-case name. */
  headers: Record<string, string>
  body: string
}

/**
 * Takes a `$batch` body apart: one changeset of requests.
 * https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 */
export function readBatchBody(body: string): BatchPart[] {
  const changeset = /boundary=(changeset_[\w-]+)/i.exec(body)?.[1]
  if (changeset === undefined) throw new ServiceError('InvalidInput', 'a batch without a changeset')
  return body.split(`--${changeset}`).slice(1, -1).map(readPart)
}

function readPart(part: string): BatchPart {
  const request = part.slice(part.indexOf('\r\n\r\n') + 4)
  const headEnd = request.indexOf('\r\n\r\n')
  const [requestLine = '', ...headerLines] = request.slice(0, headEnd === -1 ? undefined : headEnd).split('\r\n')
  const [method = '', url = ''] = requestLine.split(' ')
  const headers: Record<string, string> = {}
  for (const line of headerLines) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { method, url, headers, body: headEnd === -1 ? '' : request.slice(headEnd).trim() }
}
