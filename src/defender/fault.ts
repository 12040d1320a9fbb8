/**
 * What the caller can do about a call without an answer:
 * - `transient`: ask again
 * - `throttled`: nothing before `retryAfterSeconds`
 * - `unauthorized`: ask once more (with a new token): the tenant has no licence or the app no consent, or the machine is not for the app
 * - `forbidden`: ask once more unless `namesRole`; `detail` names the missing permission
 * - `refused`: the same request will never do
 * - `identity`: there was no token, and may be one in a while: nothing until then. No call was made
 */
export type FaultKind = 'transient' | 'throttled' | 'unauthorized' | 'forbidden' | 'refused' | 'identity'

/** A call that brought no answer. It never means that there is nothing. */
export interface Fault {
  kind: FaultKind
  /** HTTP status, where there was one. */
  status?: number
  /** A word for rows and logs: Defender's code, e.g. `ResourceNotFound`, or one of ours, e.g. `timeout`, `malformedBody`. */
  code: string
  /** One line for people, without any token. */
  detail: string
  /** For `throttled`: how long to call nothing. For others: what a `Retry-After` said. */
  retryAfterSeconds?: number
  /** The text of a refusal names an app role: the app, and no machine, is what is refused. */
  namesRole?: true
  /** For `identity`: the app's own identity is at fault, which concerns every tenant that it reads. */
  isApps?: true
  /** Defender's tracking id of the request, for Microsoft's support. */
  target?: string
}

/** What a call comes back with instead of an answer. */
export type FaultResult = { kind: 'fault'; fault: Fault }

/** The code of every fault for want of a token. */
export const NO_TOKEN = 'credentialUnavailable'

/** Whether nothing can have left the process: there was no token to call with. */
export const isWithoutToken = ({ code }: Fault): boolean => code === NO_TOKEN

/** A fault that asking again may mend. */
export function transient(code: string, detail: string): FaultResult {
  return { kind: 'fault', fault: { kind: 'transient', code, detail } }
}
