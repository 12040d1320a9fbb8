import { errors } from 'undici'
import type { Fault } from './fault.ts'
import { redact } from './redact.ts'

/** Errors that say that this program is wrong, or is closing: repeating the call would only hide them. */
const programErrors = [
  errors.InvalidArgumentError,
  errors.ClientClosedError,
  errors.ClientDestroyedError,
  errors.NotSupportedError,
  TypeError,
]

/** What an error on the way means; thrown again where it is this program's own. `token` is left out of its text. */
export function networkFault(error: unknown, timedOut: boolean, token: string): Fault {
  if (
    timedOut ||
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError
  ) {
    return { kind: 'transient', code: 'timeout', detail: 'no complete answer in time' }
  }
  if (!(error instanceof Error) || programErrors.some((programError) => error instanceof programError)) throw error
  const reason = 'code' in error && typeof error.code === 'string' ? `${error.code}: ${error.message}` : error.message
  return { kind: 'transient', code: 'connectionFailed', detail: redact(reason, [token]) }
}
