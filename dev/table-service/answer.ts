import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { ServiceError } from './service-error.ts'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
  /** The connection ends after so many characters of the body. */
  brokenOffAt?: number
}

export const JSON_TYPE = { 'Content-Type': 'application/json;odata=minimalmetadata;streaming=true;charset=utf-8' }

/** The 202 of a transaction, with an answer for each of its operations, or the one that refuses all of them. */
export function batchAnswer(parts: readonly Answer[]): Answer {
  const id = randomUUID()
  const changeset = `--changesetresponse_${id}`
  const written = parts.map(({ status, headers, body }) =>
    [
      changeset,
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'X-Content-Type-Options: nosniff',
      'DataServiceVersion: 3.0;',
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  )
  const head = `--batchresponse_${id}\r\nContent-Type: multipart/mixed; boundary=changesetresponse_${id}\r\n`
  return {
    status: 202,
    headers: { 'Content-Type': `multipart/mixed; boundary=batchresponse_${id}` },
    body: [head, ...written, `${changeset}--`, `--batchresponse_${id}--`, ''].join('\r\n'),
  }
}

/** An error that is no ServiceError is a fault of this program, and shows as one. */
export function refusal(error: unknown, insideBatch: boolean): Answer {
  if (!(error instanceof ServiceError)) throw error
  const answer = { status: error.status, headers: JSON_TYPE, body: error.body() }
  return insideBatch ? batchAnswer([answer]) : answer
}

/** The status that the operation had: that of a refusal inside a transaction's 202. */
export function innerStatus({ status, body }: Answer): number {
  return status === 202 ? Number(/HTTP\/1\.1 (\d+)/.exec(body)?.[1]) : status
}
