import {
  createSpender,
  createStoreTime,
  localTime,
  nextSliceAt,
  type BudgetTime,
  type CallEnd,
  type Quota,
  type StoreAnswer,
} from '../../../src/defender/budget/index.ts'
import type { SpenderCounters } from '../../../src/defender/budget/spender.ts'
import { LONGEST_PAUSE_MS, UNANSWERED_GRACE_MS } from '../../../src/defender/budget/policy.ts'
import type { Clock } from '../../../src/outside.ts'
import { HOUR, REFERENCE_MS, SECOND } from './units.ts'

export const CALL_TIMEOUT_MS = 20 * SECOND

/** How the processes of a world know the time: the store's answers with or without a time in the ETag, or the wall clock. */
export type TimeSource = 'etag' | 'date' | 'wall'

export interface WorldOptions {
  quota: Quota
  seed: number
  timeSource: TimeSource
  latencyMs: readonly [number, number]
  /** Share of calls that get no answer. */
  unanswered?: number
  storeDelayMs?: readonly [number, number]
}

/**
 * A true timeline with Defender, the store and one process after another on it. Every await of a process is an event here, so a process can be killed
 * at any of them; requests that it had sent by then still arrive.
 */
export class World {
  nowMs = REFERENCE_MS
  /** Local wall clock minus true time. */
  wallOffsetMs = 0
  readonly arrivals: number[] = []
  readonly row: { text: string | undefined; version: number } = { text: undefined, version: 0 }
  readonly options: WorldOptions
  readonly random: () => number
  #events: { atMs: number; action: () => void }[] = []

  constructor(options: WorldOptions) {
    this.options = options
    this.random = mulberry32(options.seed)
  }

  at(atMs: number, action: () => void): void {
    const place = this.#events.findLastIndex((event) => event.atMs <= atMs)
    this.#events.splice(place + 1, 0, { atMs, action })
  }

  between([from, to]: readonly [number, number]): number {
    return from + Math.floor(this.random() * (to - from + 1))
  }

  /** Lets time pass until `done` is settled. */
  async until<Value>(done: Promise<Value>): Promise<Value> {
    let settled = false
    const mark = (): void => void (settled = true)
    done.then(mark, mark)
    for (;;) {
      await new Promise(setImmediate)
      if (settled) return done
      const event = this.#events.shift()
      if (!event) throw new Error('Nothing is left to happen')
      this.nowMs = event.atMs
      event.action()
    }
  }

  async pass(milliseconds: number): Promise<void> {
    await this.until(new Promise<void>((resolve) => this.at(this.nowMs + milliseconds, resolve)))
  }
}

/** One run of the program, that ends when killed. */
class Process {
  readonly world: World
  readonly ended: Promise<void>
  #steps = 0
  readonly #killAtStep: number
  #end: () => void = () => undefined
  #alive = true
  readonly #bootMs: number

  constructor(world: World, killAtStep: number) {
    this.world = world
    this.#killAtStep = killAtStep
    this.ended = new Promise((resolve) => (this.#end = resolve))
    this.#bootMs = world.nowMs - world.between([0, HOUR])
  }

  /** Goes on only in a living process. */
  async step(): Promise<void> {
    this.#steps += 1
    if (this.#steps === this.#killAtStep) this.end()
    if (!this.#alive) await new Promise(() => undefined)
  }

  end(): void {
    this.#alive = false
    this.#end()
  }

  async wait(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => this.world.at(this.world.nowMs + milliseconds, resolve))
    await this.step()
  }

  readonly elapsedMs = (): number => this.world.nowMs - this.#bootMs

  readonly clock: Clock = {
    now: () => this.world.nowMs + this.world.wallOffsetMs,
    sleep: (milliseconds) => this.wait(milliseconds),
  }
}

/** A write guarded by the version that the process knows, as by an ETag. */
function storeOf(process: Process): (text: string | undefined) => Promise<StoreAnswer> {
  const { world } = process
  const delays = world.options.storeDelayMs ?? [1, 40]
  let version = world.row.version
  return async (text) => {
    await process.step()
    let answer: StoreAnswer | undefined
    await new Promise<void>((resolve) => {
      world.at(world.nowMs + world.between(delays), () => {
        if (world.row.version === version) {
          world.row.text = text
          version = world.row.version += 1
          answer = storeAnswer(world)
        }
        resolve()
      })
    })
    await process.wait(world.between(delays))
    if (!answer) throw new Error('412 UpdateConditionNotSatisfied')
    return answer
  }
}

/** The store's nodes are up to 20 ms off. */
function storeAnswer(world: World): StoreAnswer {
  const storeMs = world.nowMs + world.between([-20, 20])
  const etag = `W/"datetime'${encodeURIComponent(new Date(storeMs).toISOString().replace('Z', '1234Z'))}'"`
  return { date: new Date(Math.floor(storeMs / SECOND) * SECOND), etag: world.options.timeSource === 'etag' ? etag : 'W/"0x8D4"' }
}

/** One call, that arrives at Defender at any moment between its sending and its answer, or some time after it was given up. */
async function callDefender(process: Process): Promise<CallEnd> {
  const { world } = process
  await process.step()
  const unanswered = world.random() < (world.options.unanswered ?? 0)
  const takesMs = unanswered ? CALL_TIMEOUT_MS : Math.min(CALL_TIMEOUT_MS, world.between(world.options.latencyMs))
  const arrivalMs = world.nowMs + world.between([0, takesMs + (unanswered ? UNANSWERED_GRACE_MS : 0)])
  world.at(arrivalMs, () => world.arrivals.push(arrivalMs))
  await process.wait(takesMs)
  return unanswered ? 'unanswered' : 'answered'
}

export interface SliceOptions {
  sliceMs: number
  workers: number
  /** Calls there is work for. */
  work: number
  maxPauseMs?: number
  /** The await at which the process is killed; 0 is never. */
  killAtStep: number
}

/** A process that takes one slice. Resolves when it ended or was killed. */
export async function runSlice(world: World, options: SliceOptions): Promise<SpenderCounters | undefined> {
  const process = new Process(world, options.killAtStep)
  let counters: SpenderCounters | undefined
  const slice = takeSlice(process, options).then(
    (spent) => {
      counters = spent
      process.end()
    },
    (cause: unknown) => {
      process.end()
      if (!(cause instanceof Error && cause.message.startsWith('412'))) throw cause
    },
  )
  await world.until(Promise.race([process.ended, slice]))
  await world.until(Promise.race([slice, new Promise(setImmediate)]))
  return counters
}

async function takeSlice(process: Process, options: SliceOptions): Promise<SpenderCounters> {
  const { world } = process
  await process.wait(world.between([1, 40]))
  const ledgerText = world.row.text
  const store = storeOf(process)
  const time: BudgetTime = world.options.timeSource === 'wall' ? localTime(process.clock) : createStoreTime(process.elapsedMs)
  await time.learnFrom(() => store(ledgerText))
  let work = options.work
  const spender = createSpender({
    quota: world.options.quota,
    stored: { text: ledgerText, save: store },
    outside: { budgetTime: time, clock: process.clock },
    limits: {
      deadlineMs: process.clock.now() + options.sliceMs,
      callTimeoutMs: CALL_TIMEOUT_MS,
      maxPauseMs: options.maxPauseMs ?? LONGEST_PAUSE_MS,
    },
    wanted: () => work,
  })
  const worker = async (): Promise<void> => {
    while (work > 0) {
      work -= 1
      const take = await spender.take()
      if (take.kind === 'exhausted') return
      take.done(await callDefender(process))
    }
  }
  await Promise.all(Array.from({ length: options.workers }, worker))
  await store(spender.flush())
  return spender.counters
}

/** Whether a tick now would take a slice, by the local clock. */
export function isSliceWorthIt(world: World, maxPauseMs: number): boolean {
  const nowMs = world.nowMs + world.wallOffsetMs
  const now = { earliestMs: nowMs, latestMs: nowMs + 1 }
  return nextSliceAt(world.row.text, world.options.quota, now) - nowMs <= maxPauseMs
}

/** The most arrivals in any window of that length, both ends included. */
export function mostIn(lengthMs: number, arrivals: readonly number[]): number {
  const sorted = arrivals.toSorted((a, b) => a - b)
  let from = 0
  return sorted.reduce((most, arrivalMs, at) => {
    while ((sorted[from] ?? arrivalMs) < arrivalMs - lengthMs) from += 1
    return Math.max(most, at - from + 1)
  }, 0)
}

function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
