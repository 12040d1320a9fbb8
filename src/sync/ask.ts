import type { CallEnd } from '../defender/budget/index.ts'
import { type AnotherCall, type Fault, DEFENDER_POLICY, retryDelayMs } from '../defender/index.ts'
import type { BudgetName } from './budgets.ts'
import type { Slice } from './slice.ts'

/** What a call to Defender may come back with instead of an answer. `absent` is a 404 where that could be meant. */
export type CallResult<T> = T | { kind: 'absent'; fault: Fault } | { kind: 'fault'; fault: Fault }

export type Asked<T> =
  | { kind: 'answered'; answer: T }
  /** No answer, with the cause of the last attempt and how many were a 404; `cutOff` when the slice stopped before all were made. */
  | { kind: 'unknown'; fault: Fault; attempts: number; notFound: number; cutOff: boolean }
  /** The slice stops before the first attempt came to anything: to be asked again by the next slice. */
  | { kind: 'stopped' }

interface Attempts {
  made: number
  notFound: number
  /** The first 401: the client takes a new token then. */
  unauthorized: Fault | undefined
  last: Fault | undefined
}

/**
 * Asks Defender until it answers: transient faults up to `attempts` times with jittered back-off, once more after a 401 (the client
 * then takes a new token). A refusal or a 429 stops the slice. When the slice stops between two attempts, the caller decides what
 * becomes of those that are left.
 */
export async function ask<T extends { kind: string }>(
  slice: Slice,
  budget: BudgetName,
  call: (anotherCall: AnotherCall) => Promise<CallResult<T>>,
  attempts: number = 1 + DEFENDER_POLICY.retriesInSlice,
): Promise<Asked<T>> {
  const tried: Attempts = { made: 0, notFound: 0, unauthorized: undefined, last: undefined }
  while (tried.made < attempts) {
    if (tried.made > 0) await backOff(slice, tried.made)
    const result = await slice.inTurn(() => (slice.stopped ? undefined : spend(slice, budget, call)))
    if (!result) return cutOff(slice, tried)
    if (isAnswer(result)) return { kind: 'answered', answer: result }
    const { fault } = result
    if (fault.kind === 'unauthorized' && !tried.unauthorized) {
      tried.unauthorized = fault
      continue
    }
    if (fault.kind !== 'transient') return await stopFor(slice, fault, tried)
    tried.made++
    tried.last = fault
    if (fault.status === 404) tried.notFound++
  }
  return given(tried, false)
}

/** One call within the budget, and those for further pages of its answer. Undefined when the budget has none left. */
async function spend<T>(slice: Slice, budget: BudgetName, call: (anotherCall: AnotherCall) => Promise<CallResult<T>>) {
  let end: ((how: CallEnd) => void) | undefined
  const another = async (): Promise<boolean> => {
    // Another page is asked for when the one before has come.
    end?.('answered')
    const taken = await slice.budgets[budget].take()
    if (taken.kind === 'exhausted') {
      end = undefined
      slice.stop(taken.because === 'deadline' ? { kind: 'deadline' } : { kind: 'budget', budget })
      return false
    }
    end = taken.done
    // Calls go on for a while without a write, and a lease that ran out meanwhile would throw their answers away.
    await slice.lease.ensureHeld()
    slice.counts.calls++
    return true
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

function given<T>({ last, made, notFound }: Attempts, cutOff: boolean): Asked<T> {
  return last ? { kind: 'unknown', fault: last, attempts: made, notFound, cutOff } : { kind: 'stopped' }
}

/** With fewer calls than machines under way, each could spend its first call on a 401, slice after slice: then that one counts. */
function cutOff<T>(slice: Slice, tried: Attempts): Asked<T> {
  if (tried.unauthorized && !slice.mayBeginAnew) slice.stop({ kind: 'refused', fault: tried.unauthorized })
  return given(tried, true)
}

/** A 429 or a refusal ends the slice for everyone; a request that Defender calls bad is this machine's own trouble. */
async function stopFor<T>(slice: Slice, fault: Fault, tried: Attempts): Promise<Asked<T>> {
  if (fault.kind === 'throttled') {
    if (fault.status === 429) slice.counts.throttled++
    await slice.throttle(fault.retryAfterSeconds ?? DEFENDER_POLICY.throttledSeconds)
    return given(tried, true)
  }
  if (fault.kind === 'refused') return { kind: 'unknown', fault, attempts: tried.made + 1, notFound: tried.notFound, cutOff: false }
  slice.stop({ kind: 'refused', fault })
  return { kind: 'stopped' }
}
