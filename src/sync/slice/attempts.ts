import type { Fault } from '../../defender/index.ts'
import type { Asked } from './call-result.ts'

/** The attempts to ask one question. */
export interface Attempts {
  readonly made: number
  readonly notFound: number
  /** The first 401 or 403: after a 401 the client takes a new token. */
  readonly refusal: Fault | undefined
  readonly last: Fault | undefined
}

export const NO_ATTEMPT: Attempts = { made: 0, notFound: 0, refusal: undefined, last: undefined }

/** What to do about a fault. */
export type AfterFault =
  /** Ask again, while attempts are left. */
  | { kind: 'again'; tried: Attempts }
  /** No calls for anyone for a while. */
  | { kind: 'throttled'; fault: Fault }
  /** No token, for anyone: nothing was asked. */
  | { kind: 'withoutToken'; fault: Fault }
  /** The same request will never do: this machine's own trouble. */
  | { kind: 'never'; fault: Fault }
  /** Defender refuses: the app, or to speak of this machine. */
  | { kind: 'refused'; fault: Fault }

/** Decides by the kind of fault: one refusal costs no attempt, a second one, or one that names what is missing, is Defender's word. */
export function afterFault(tried: Attempts, fault: Fault): AfterFault {
  switch (fault.kind) {
    case 'transient':
      return asksToWait(fault) ? { kind: 'throttled', fault } : { kind: 'again', tried: withFault(tried, fault) }
    case 'unauthorized':
    case 'forbidden':
      return tried.refusal || fault.namesRole ? { kind: 'refused', fault } : { kind: 'again', tried: { ...tried, refusal: fault } }
    case 'throttled':
      return { kind: 'throttled', fault }
    case 'refused':
      return { kind: 'never', fault }
    case 'identity':
      return { kind: 'withoutToken', fault }
  }
}

/** A 503 that says when to come again means everyone, like a 429. */
const asksToWait = ({ status = 0, retryAfterSeconds }: Fault) => status >= 500 && retryAfterSeconds !== undefined

/** Codes of calls that came to no status. */
const UNREACHED = ['timeout', 'connectionFailed']

/** Whether a fault may be everyone's: Defender, or the way to it, is out of order. A 404 is Defender's word about one machine. */
export function mayBeEveryones({ kind, status, code }: Fault): boolean {
  return kind === 'transient' && (status === undefined ? UNREACHED.includes(code) : status !== 404)
}

function withFault(tried: Attempts, fault: Fault): Attempts {
  return { ...tried, made: tried.made + 1, notFound: tried.notFound + (fault.status === 404 ? 1 : 0), last: fault }
}

/** What the attempts came to without an answer; `cutOff` when the slice stopped before all were made. */
export function withoutAnswer<T>({ last, made, notFound }: Attempts, cutOff: boolean): Asked<T> {
  return last ? { kind: 'unknown', fault: last, attempts: made, notFound, cutOff } : { kind: 'stopped' }
}

/** No answer, and asking on would bring none. */
export function asUnknown<T>(fault: Fault, { made, notFound }: Attempts): Asked<T> {
  return { kind: 'unknown', fault, attempts: made + 1, notFound, cutOff: false }
}
