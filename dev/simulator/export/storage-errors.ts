import type { BodyAnswer } from '../answer.ts'
import { drawGuid } from '../draw.ts'

const MESSAGES = {
  AuthenticationFailed:
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  BlobNotFound: 'The specified blob does not exist.',
  ServerBusy: 'The server is busy.',
} as const

type StorageError = keyof typeof MESSAGES

const STATUS: Record<StorageError, number> = { AuthenticationFailed: 403, BlobNotFound: 404, ServerBusy: 503 }

/** An error of Azure's blob service. https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2 */
export function storageError(code: StorageError, at: number, detail?: string): BodyAnswer {
  const message = `${MESSAGES[code]}\nRequestId:${drawGuid('storage request', at)}\nTime:${new Date(at).toISOString()}`
  const told = detail === undefined ? '' : `<AuthenticationErrorDetail>${detail}</AuthenticationErrorDetail>`
  return {
    kind: 'complete',
    status: STATUS[code],
    headers: { 'content-type': 'application/xml', 'x-ms-error-code': code },
    // The service begins with a byte order mark.
    body: `\ufeff<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message>${told}</Error>`,
  }
}
