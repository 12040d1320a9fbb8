import pLimit, { type LimitFunction } from 'p-limit'
import type { CallEnd } from '../../defender/budget/index.ts'
import { type AnotherCall, DEFENDER_POLICY, type Fault, isWithoutToken, retryDelayMs } from '../../defender/index.ts'
import type { BudgetName } from '../../domain/index.ts'
import type { Outside } from '../../outside.ts'
import type { Lease } from '../lease.ts'
import { type AfterFault, afterFault, asUnknown, type Attempts, NO_ATTEMPT, withoutAnswer } from './attempts.ts'
import type { Budgets } from './budgets.ts'
import type { Asked, CallResult } from './call-result.ts'
import { Failures } from './failures.ts'
import type { Halts } from './halts.ts'
import type { IsRefused, Refusals } from './refusals.ts'
import type { StallRule } from './stalls.ts'
import type { StopRule } from './stop.ts'

export interface CallPorts {
  budgets: Budgets
  lease: Lease
  outside: Outside
  stop: StopRule
  halts: Halts
  stalls: StallRule
  refusals: Refusals
  /** Calls under way at once. */
  concurrency: number
}

type Call<T> = (anotherCall: AnotherCall) => Promise<CallResult<T>>

/** A question that can be asked about any machine. */
type CallAbout<T> = (machineId: string, anotherCall: AnotherCall) => Promise<CallResult<T>>

const ATTEMPTS = 1 + DEFENDER_POLICY.retriesInSlice

/** How a question is asked, and whom a refusal of it is about. */
interface Asking<T> {
  budget: BudgetName
  attempts: number
  refused: (fault: Fault, tried: Attempts) => Promise<Asked<T>> | Asked<T>
}

/** The calls of a slice to Defender: each in its turn, within its budget, and repeated where that may help. */
export class Calls {
  readonly counts = { calls: 0, throttled: 0, retries: 0 }
  readonly #ports: CallPorts
  readonly #inTurn: LimitFunction
  readonly #failures = new Failures()

  constructor(ports: CallPorts) {
    this.#ports = ports
    this.#inTurn = pLimit(ports.concurrency)
  }

  /**
   * Asks Defender until it answers: transient faults up to `attempts` times with jittered back-off, once more after a refusal (the client
   * takes a new token after a 401). A refusal, a 429, no token, or no answer for anyone stops the slice. When the slice stops between two
   * attempts, the caller decides what becomes of those that are left.
   */
  ask<T extends { kind: string }>(budget: BudgetName, call: Call<T>): Promise<Asked<T>> {
    return this.#ask(call, { budget, attempts: ATTEMPTS, refused: (fault) => this.#refusesApp(fault) })
  }

  /** The same about one machine: a refusal is that machine's cause, unless the app is what is refused. */
  async askAbout<T extends { kind: string }>(
    budget: BudgetName,
    machineId: string,
    call: CallAbout<T>,
    attempts = ATTEMPTS,
  ): Promise<Asked<T>> {
    const { refusals } = this.#ports
    const ofMachine = (id: string) => (anotherCall: AnotherCall) => call(id, anotherCall)
    const isRefused: IsRefused = (witnessId) => this.#isRefused(budget, ofMachine(witnessId))
    const refused = async (fault: Fault, tried: Attempts): Promise<Asked<T>> =>
      (await refusals.judge(fault, machineId, isRefused)) === 'app' ? this.#refusesApp(fault) : asUnknown(fault, tried)
    const asked = await this.#ask(ofMachine(machineId), { budget, attempts, refused })
    if (asked.kind === 'answered') refusals.noteAnswered(machineId)
    return asked
  }

  /** Undefined when the slice stops, or Defender says something else. */
  async #isRefused<T extends { kind: string }>(budget: BudgetName, call: Call<T>): Promise<boolean | undefined> {
    let isRefused: true | undefined
    const refused = (): Asked<T> => {
      isRefused = true
      return { kind: 'stopped' }
    }
    const asked = await this.#ask(call, { budget, attempts: ATTEMPTS, refused })
    return asked.kind === 'answered' ? false : isRefused
  }

  async #ask<T extends { kind: string }>(call: Call<T>, asking: Asking<T>): Promise<Asked<T>> {
    const { budget, attempts, refused } = asking
    let tried = NO_ATTEMPT
    const streak = this.#failures.begin()
    while (tried.made < attempts) {
      if (tried.made > 0) await this.#backOff(tried.made)
      const result = await this.#inTurn(() => (this.#ports.stop.reason ? undefined : this.#callOnce(budget, call)))
      if (!result) return this.#cutOff(tried, refused)
      if (isAnswer(result)) {
        this.#failures.end()
        return { kind: 'answered', answer: result }
      }
      const next = afterFault(tried, result.fault)
      if (next.kind === 'refused') return refused(next.fault, tried)
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
  #cutOff<T>(tried: Attempts, refused: Asking<T>['refused']): Promise<Asked<T>> | Asked<T> {
    return tried.refusal && !this.#ports.stalls.mayBeginAnew ? refused(tried.refusal, tried) : withoutAnswer(tried, true)
  }

  async #giveUp<T>(next: Given, tried: Attempts): Promise<Asked<T>> {
    const { halts } = this.#ports
    if (next.kind === 'never') return asUnknown(next.fault, tried)
    if (next.fault.status === 429) this.counts.throttled++
    await (next.kind === 'throttled' ? halts.throttled(next.fault) : halts.withoutToken(next.fault))
    return withoutAnswer(tried, true)
  }

  async #outOfOrder<T>(fault: Fault, tried: Attempts, attempts: number): Promise<Asked<T>> {
    await this.#ports.halts.outOfOrder(fault)
    return withoutAnswer(tried, tried.made < attempts)
  }

  #refusesApp<T>(fault: Fault): Asked<T> {
    this.#ports.halts.refused(fault)
    return { kind: 'stopped' }
  }
}

type Given = Exclude<AfterFault, { kind: 'again' | 'refused' }>

/** Without a status the request may still be on its way, unless it was never made. */
function endOf<T>(result: CallResult<T>): CallEnd {
  const { fault } = result as { fault?: Fault }
  if (fault === undefined || fault.status !== undefined) return 'answered'
  return isWithoutToken(fault) ? 'notSent' : 'unanswered'
}

function isAnswer<T extends { kind: string }>(result: CallResult<T>): result is T {
  return result.kind !== 'fault' && result.kind !== 'absent'
}
