/**
 * What the caller can do about a call without an answer:
 * - `transient`: ask again
 * - `throttled`: nothing before `retryAfterSeconds`
 * - `unauthorized`: ask once more (with a new token), then stop: the tenant has no licence or the app no consent
 * - `forbidden`: stop; `detail` names the missing permission
 * - `refused`: the same request will never do
 */
export type FaultKind = 'transient' | 'throttled' | 'unauthorized' | 'forbidden' | 'refused'

/** A call that brought no answer. It never means that there is nothing. */
export interface Fault {
  kind: FaultKind
  /** HTTP status, where there was one. */
  status?: number
  /** A word for rows and logs: Defender's code, e.g. `ResourceNotFound`, or one of ours, e.g. `timeout`, `malformedBody`. */
  code: string
  /** One line for people, without any token. */
  detail: string
  /** For `throttled`: how long to call nothing. */
  retryAfterSeconds?: number
  /** Defender's tracking id of the request, for Microsoft's support. */
  target?: string
}

/** What a call comes back with instead of an answer. */
export type FaultResult = { kind: 'fault'; fault: Fault }

/** A fault that asking again may mend. */
export function transient(code: string, detail: string): FaultResult {
  return { kind: 'fault', fault: { kind: 'transient', code, detail } }
}
