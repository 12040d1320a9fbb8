import type { Answer } from '../answer.ts'
import type { FaultPlan } from '../faults.ts'
import type { RequestLog } from '../request-log.ts'
import type { Found } from './addresses.ts'
import { type FileMischief, mischiefAt } from './file-mischief.ts'
import { streamFile } from './file-stream.ts'
import { storageError } from './storage-errors.ts'
import type { VulnerabilityExports } from './vulnerability-exports.ts'

/** A tenant of which files are asked for. */
export interface FilesOwner {
  tenantId: string
  exports: VulnerabilityExports
  faults: FaultPlan
  requests: RequestLog
}

/**
 * `GET` of a file by its address: gzip of JSON Lines, which is made while it is read. Whoever shows a bearer token is refused, and so is
 * whoever comes too late.
 */
export function answerFile(found: Found<FilesOwner>, hasToken: boolean, now: number): Answer {
  if (hasToken) return storageError('AuthenticationFailed', now, 'Authentication scheme Bearer is not supported together with a signature.')
  if (found.kind === 'unknown') return storageError('BlobNotFound', now)
  if (found.kind === 'wrongSignature') return storageError('AuthenticationFailed', now, 'Signature did not match.')
  const { owner, file } = found.published
  const mischief = mischiefAt(file, owner.faults, now)
  const { from, to } = found.period
  if (now >= to || mischief.fileExpired) return storageError('AuthenticationFailed', now, notInTimeFrame(from, to))
  if (mischief.fileGone && file.generatedAt < owner.exports.latest(now)) return storageError('BlobNotFound', now)
  if (mischief.fileBusy) return storageError('ServerBusy', now)
  return { kind: 'stream', status: 200, headers: headersOf(mischief), chunks: streamFile(file, owner.exports, mischief) }
}

function headersOf({ fileContentEncoding }: FileMischief): Record<string, string> {
  return {
    'content-type': 'application/octet-stream',
    'x-ms-blob-type': 'BlockBlob',
    ...(fileContentEncoding && { 'content-encoding': 'gzip' }),
  }
}

const notInTimeFrame = (from: number, to: number): string =>
  `Signature not valid in the specified time frame: Start [${new Date(from).toUTCString()}] - Expiry [${new Date(to).toUTCString()}]`
