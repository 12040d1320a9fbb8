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

const STATUS_TEXT: Readonly<Record<number, string>> = {
  204: 'No Content',
  400: 'Bad Request',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

export interface BatchAnswerPart {
  status: number
  headers: Record<string, string>
  body: string
}

/** The body and Content-Type of a 202: one part for each operation that was done, or the one that refuses all of them. */
export function writeBatchAnswer(id: string, parts: readonly BatchAnswerPart[]): { contentType: string; body: string } {
  const changeset = `--changesetresponse_${id}`
  const written = parts.map(({ status, headers, body }) =>
    [
      changeset,
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `HTTP/1.1 ${status} ${STATUS_TEXT[status] ?? ''}`,
      'X-Content-Type-Options: nosniff',
      'DataServiceVersion: 3.0;',
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  )
  const head = `--batchresponse_${id}\r\nContent-Type: multipart/mixed; boundary=changesetresponse_${id}\r\n`
  return {
    contentType: `multipart/mixed; boundary=batchresponse_${id}`,
    body: [head, ...written, `${changeset}--`, `--batchresponse_${id}--`, ''].join('\r\n'),
  }
}
