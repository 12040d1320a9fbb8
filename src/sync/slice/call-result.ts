import type { Fault } from '../../defender/index.ts'

/** What a call to Defender may come back with instead of an answer. `absent` is a 404 where that could be meant. */
export type CallResult<T> = T | { kind: 'absent'; fault: Fault } | { kind: 'fault'; fault: Fault }

/** No answer, with the cause of the last attempt and how many were a 404; `cutOff` when the slice stopped before all were made. */
export interface Unanswered {
  kind: 'unknown'
  fault: Fault
  attempts: number
  notFound: number
  cutOff: boolean
}

/** What asking came to. `stopped`: the slice stopped before the first attempt came to anything; to be asked again by the next one. */
export type Asked<T> = { kind: 'answered'; answer: T } | Unanswered | { kind: 'stopped' }
