import pLimit, { type LimitFunction } from 'p-limit'
import type { CallEnd } from '../../defender/budget/index.ts'
import { type AnotherCall, DEFENDER_POLICY, type Fault, isWithoutToken, retryDelayMs, throttledUntil } from '../../defender/index.ts'
import { atOf, type BudgetName, type TenantPatch } from '../../domain/index.ts'
import type { Outside } from '../../outside.ts'
import type { Lease } from '../lease.ts'
import { type AfterFault, afterFault, type Attempts, NO_ATTEMPT, withoutAnswer } from './attempts.ts'
import type { Budgets } from './budgets.ts'
import type { Asked, CallResult } from './call-result.ts'
import { Failures } from './failures.ts'
import type { StallRule } from './stalls.ts'
import type { StopRule } from './stop.ts'

export interface CallPorts {
  budgets: Budgets
  lease: Lease
  outside: Outside
  stop: StopRule
  stalls: StallRule
  /** Calls under way at once. */
  concurrency: number
}

type Call<T> = (anotherCall: AnotherCall) => Promise<CallResult<T>>

/** The calls of a slice to Defender: each in its turn, within its budget, and repeated where that may help. */
export class Calls {
  readonly counts = { calls: 0, throttled: 0, retries: 0 }
  readonly #ports: CallPorts
  readonly #inTurn: LimitFunction
  readonly #failures = new Failures()
  #throttledUntilMs = -Infinity

  constructor(ports: CallPorts) {
    this.#ports = ports
    this.#inTurn = pLimit(ports.concurrency)
  }

  /**
   * Asks Defender until it answers: transient faults up to `attempts` times with jittered back-off, once more after a 401 (the client
   * then takes a new token). A refusal, a 429, no token, or no answer for anyone stops the slice. When the slice stops between two
   * attempts, the caller decides what becomes of those that are left.
   */
  async ask<T extends { kind: string }>(
    budget: BudgetName,
    call: Call<T>,
    attempts = 1 + DEFENDER_POLICY.retriesInSlice,
  ): Promise<Asked<T>> {
    let tried = NO_ATTEMPT
    const streak = this.#failures.begin()
    while (tried.made < attempts) {
      if (tried.made > 0) await this.#backOff(tried.made)
      const result = await this.#inTurn(() => (this.#ports.stop.reason ? undefined : this.#callOnce(budget, call)))
      if (!result) return this.#cutOff(tried)
      if (isAnswer(result)) {
        this.#failures.end()
        return { kind: 'answered', answer: result }
      }
      const next = afterFault(tried, result.fault)
      if (next.kind !== 'again') return this.#giveUp(next, tried)
      tried = next.tried
      if (streak.isTooLong(result.fault)) return this.#outOfOrder(result.fault, tried, attempts)
    }
    return withoutAnswer(tried, false)
  }

  /** One call within the budget, and those for further pages of its answer. Undefined when the budget has none left. */
  async #callOnce<T>(budget: BudgetName, call: Call<T>): Promise<CallResult<T> | undefined> {
    let end: ((how: CallEnd) => void) | undefined
    const anotherCall = async (): Promise<boolean> => {
      // Another page is asked for when the one before has come.
      end?.('answered')
      end = await this.#take(budget)
      return end !== undefined
    }
    if (!(await anotherCall())) return undefined
    let how: CallEnd = 'unanswered'
    try {
      const result = await call(anotherCall)
      how = endOf(result)
      if (how === 'notSent') this.counts.calls--
      return result
    } finally {
      end?.(how)
    }
  }

  /** Takes one call out of a budget; what is returned says how it ended. The slice stops when there is none. */
  async #take(budget: BudgetName): Promise<((how: CallEnd) => void) | undefined> {
    const { budgets, lease, stop } = this.#ports
    const taken = await budgets[budget].take()
    if (taken.kind === 'exhausted') {
      stop.stop(taken.because === 'deadline' ? { kind: 'deadline' } : { kind: 'budget', budget })
      return undefined
    }
    // Calls go on for a while without a write, and a lease that ran out meanwhile would throw their answers away.
    await lease.ensureHeld()
    this.counts.calls++
    return taken.done
  }

  async #backOff(retry: number): Promise<void> {
    const { lease, outside } = this.#ports
    this.counts.retries++
    await lease.sleep(retryDelayMs(retry, outside.random()))
  }

  /** With fewer calls than machines under way, each could spend its first call on a 401, slice after slice: then that one counts. */
  #cutOff<T>(tried: Attempts): Asked<T> {
    const { stalls, stop } = this.#ports
    if (tried.unauthorized && !stalls.mayBeginAnew) stop.stop({ kind: 'refused', fault: tried.unauthorized })
    return withoutAnswer(tried, true)
  }

  #giveUp<T>(next: Exclude<AfterFault, { kind: 'again' }>, tried: Attempts): Asked<T> | Promise<Asked<T>> {
    switch (next.kind) {
      case 'never':
        return { kind: 'unknown', fault: next.fault, attempts: next.attempts, notFound: tried.notFound, cutOff: false }
      case 'throttled':
        return this.#throttled(next.fault, tried)
      case 'withoutToken':
        return this.#withoutToken(next.fault, tried)
      case 'refusesApp':
        return this.#refused(next.fault)
    }
  }

  #refused<T>(fault: Fault): Asked<T> {
    this.#ports.stop.stop({ kind: 'refused', fault })
    return { kind: 'stopped' }
  }

  /** Stops the slice for a 429, or a 503 that asks to wait. */
  async #throttled<T>(fault: Fault, tried: Attempts): Promise<Asked<T>> {
    if (fault.status === 429) this.counts.throttled++
    await this.#stopFor(fault.retryAfterSeconds ?? DEFENDER_POLICY.throttledSeconds)
    return withoutAnswer(tried, true)
  }

  /** Stops the slice where no machine is answered any more: to ask all others as well would only make them unknown. */
  async #outOfOrder<T>(fault: Fault, tried: Attempts, attempts: number): Promise<Asked<T>> {
    this.#ports.outside.log.warn('slice.outOfOrder', { code: fault.code, status: fault.status })
    await this.#stopFor(DEFENDER_POLICY.failuresRetrySeconds)
    return withoutAnswer(tried, tried.made < attempts)
  }

  async #stopFor(retryAfterSeconds: number): Promise<void> {
    this.#ports.stop.stop({ kind: 'throttled', retryAfterSeconds })
    await this.#callNothingFor(retryAfterSeconds)
  }

  /** Stops the slice for want of a token, which is neither the machine's trouble nor Defender's. */
  async #withoutToken<T>({ detail }: Fault, tried: Attempts): Promise<Asked<T>> {
    const { stop, lease, outside } = this.#ports
    stop.stop({ kind: 'identity' })
    const identitySince = lease.tenant.identitySince ?? atOf(outside.clock.now())
    await this.#callNothingFor(DEFENDER_POLICY.identityRetrySeconds, { identitySince, identityDetail: detail })
    return withoutAnswer(tried, true)
  }

  /**
   * What is asked for counts whatever the slice stops for, and is written down at once: calls in flight when the budget ends come back with
   * a 429, and a kill must not forget it.
   */
  async #callNothingFor(seconds: number, because: TenantPatch = {}): Promise<void> {
    const { lease, outside } = this.#ports
    const untilMs = throttledUntil(outside.clock.now(), seconds)
    // Compared with what this slice heard, and not with the row: several may be about to write, and the row may be from a wrong clock.
    if (untilMs > this.#throttledUntilMs) {
      this.#throttledUntilMs = untilMs
      await lease.update({ ...because, notBefore: atOf(untilMs) })
    }
  }
}

/** Without a status the request may still be on its way, unless it was never made. */
function endOf<T>(result: CallResult<T>): CallEnd {
  const { fault } = result as { fault?: Fault }
  if (fault === undefined || fault.status !== undefined) return 'answered'
  return isWithoutToken(fault) ? 'notSent' : 'unanswered'
}

function isAnswer<T extends { kind: string }>(result: CallResult<T>): result is T {
  return result.kind !== 'fault' && result.kind !== 'absent'
}
