import type { CallEnd, Spender } from '../defender/budget/index.ts'
import { type AnotherCall, type Fault, policy, retryDelayMs } from '../defender/index.ts'
import type { Slice } from './slice.ts'

/** What a call to Defender may come back with instead of an answer. `absent` is a 404 where that could be meant. */
export type CallResult<T> = T | { kind: 'absent'; fault: Fault } | { kind: 'fault'; fault: Fault }

export type Asked<T> =
  | { kind: 'answered'; answer: T }
  /** No answer after all attempts of this slice, with the cause of the last one and how many of them were a 404. */
  | { kind: 'unknown'; fault: Fault; attempts: number; notFound: number }
  /** The slice stops before the first attempt came to anything: to be asked again by the next slice. */
  | { kind: 'stopped' }

interface Attempts {
  made: number
  notFound: number
  unauthorized: number
  last: Fault | undefined
}

/**
 * Asks Defender until it answers: transient faults up to `attempts` times with jittered back-off, once more after a 401 (the client
 * then takes a new token). A refusal or a 429 stops the slice. When the slice stops between two attempts, what was tried counts:
 * otherwise a machine that always times out would be tried for ever.
 */
export async function ask<T extends { kind: string }>(
  slice: Slice,
  budget: Spender,
  call: (anotherCall: AnotherCall) => Promise<CallResult<T>>,
  attempts: number = 1 + policy.retriesInSlice,
): Promise<Asked<T>> {
  const tried: Attempts = { made: 0, notFound: 0, unauthorized: 0, last: undefined }
  while (tried.made < attempts) {
    if (tried.made > 0) await backOff(slice, tried.made)
    const result = await slice.inTurn(() => (slice.stopped ? undefined : spend(slice, budget, call)))
    if (!result) return given(tried)
    if (isAnswer(result)) return { kind: 'answered', answer: result }
    const { fault } = result
    if (fault.kind === 'unauthorized' && tried.unauthorized++ === 0) continue
    if (fault.kind !== 'transient') return stopFor(slice, fault, tried)
    tried.made++
    tried.last = fault
    if (fault.status === 404) tried.notFound++
  }
  return given(tried)
}

/** One call within the budget, and those for further pages of its answer. Undefined when the budget has none left. */
async function spend<T>(slice: Slice, budget: Spender, call: (anotherCall: AnotherCall) => Promise<CallResult<T>>) {
  let end: ((how: CallEnd) => void) | undefined
  const another = async (): Promise<boolean> => {
    // Another page is asked for when the one before has come.
    end?.('answered')
    const taken = await budget.take()
    end = taken.kind === 'granted' ? taken.done : undefined
    if (taken.kind === 'granted') slice.counts.calls++
    else slice.stop(taken.because === 'deadline' ? { kind: 'deadline' } : { kind: 'budget', availableAt: taken.availableAtMs })
    return taken.kind === 'granted'
  }
  if (!(await another())) return undefined
  let how: CallEnd = 'unanswered'
  try {
    const result = await call(another)
    how = hasStatus(result) ? 'answered' : 'unanswered'
    return result
  } finally {
    end?.(how)
  }
}

/** Without a status the request may still be on its way. */
function hasStatus<T>(result: CallResult<T>): boolean {
  const fault = (result as { fault?: Fault }).fault
  return fault === undefined || fault.status !== undefined
}

function isAnswer<T extends { kind: string }>(result: CallResult<T>): result is T {
  return result.kind !== 'fault' && result.kind !== 'absent'
}

async function backOff(slice: Slice, retry: number): Promise<void> {
  slice.counts.retries++
  await slice.outside.clock.sleep(retryDelayMs(retry, slice.outside.random()))
}

function given<T>(tried: Attempts): Asked<T> {
  if (!tried.last) return { kind: 'stopped' }
  return { kind: 'unknown', fault: tried.last, attempts: tried.made, notFound: tried.notFound }
}

/** A 429 or a refusal ends the slice for everyone; a request that Defender calls bad is this machine's own trouble. */
function stopFor<T>(slice: Slice, fault: Fault, tried: Attempts): Asked<T> {
  if (fault.kind === 'throttled') {
    if (fault.status === 429) slice.counts.throttled++
    slice.stop({ kind: 'throttled', retryAfterSeconds: fault.retryAfterSeconds ?? policy.throttledSeconds })
    return given(tried)
  }
  if (fault.kind === 'refused') return { kind: 'unknown', fault, attempts: tried.made + 1, notFound: tried.notFound }
  slice.stop({ kind: 'refused', fault })
  return { kind: 'stopped' }
}
