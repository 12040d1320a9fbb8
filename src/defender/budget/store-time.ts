import type { BudgetTime, StoreAnswer } from './budget-time.ts'
import { ELAPSED_DRIFT, STORE_SKEW_MS } from './policy.ts'
import { readStoreAnswer, type StoreReading } from './store-reading.ts'
import type { TimeBounds } from './time-bounds.ts'

/** Bounds of (store's clock - elapsed milliseconds of this process), as known when that many milliseconds had elapsed. */
interface Offset {
  readonly atMs: number
  readonly lowMs: number
  readonly highMs: number
}

/**
 * The clock of the store that keeps the ledger, carried from one answer to the next by this process's monotonic clock.
 *
 * It never looks at the local wall clock, so that clock may step by any amount, either way, within a slice or between two, without a window being
 * exceeded or a call being lost. What is relied on: the store's clock runs on (its nodes agree within `STORE_SKEW_MS`), and `elapsedMs` neither stops
 * nor steps between the answer that a slice begins with and its last call (it is off by `ELAPSED_DRIFT` at most).
 *
 * @param elapsedMs milliseconds since any fixed moment of this process, as `performance.now`
 */
export function createStoreTime(elapsedMs: () => number): BudgetTime {
  let offset: Offset | undefined
  return {
    now(): TimeBounds | undefined {
      if (offset === undefined) return undefined
      const { atMs, lowMs, highMs } = age(offset, elapsedMs())
      return { earliestMs: Math.floor(atMs + lowMs), latestMs: Math.ceil(atMs + highMs) }
    },
    async learnFrom<Answer extends StoreAnswer | undefined>(write: () => Promise<Answer>): Promise<Answer> {
      const sentMs = elapsedMs()
      const answer = await write()
      const reading = answer && readStoreAnswer(answer)
      if (reading) offset = narrow(offset, offsetOf(reading, sentMs, elapsedMs()))
      return answer
    },
  }
}

function offsetOf(reading: StoreReading, sentMs: number, receivedMs: number): Offset {
  const doubtMs = STORE_SKEW_MS + (receivedMs - sentMs) * ELAPSED_DRIFT
  return { atMs: receivedMs, lowMs: reading.fromMs - receivedMs - doubtMs, highMs: reading.toMs - sentMs + doubtMs }
}

/** What is known gets vaguer as the clocks drift apart. */
function age({ atMs, lowMs, highMs }: Offset, nowMs: number): Offset {
  const driftMs = (nowMs - atMs) * ELAPSED_DRIFT
  return { atMs: nowMs, lowMs: lowMs - driftMs, highMs: highMs + driftMs }
}

/** Two readings together know more than either. Where they contradict each other the store's clock was set, or this process stood still: the newer one counts. */
function narrow(known: Offset | undefined, learnt: Offset): Offset {
  if (known === undefined) return learnt
  const { lowMs, highMs } = age(known, learnt.atMs)
  const both = { atMs: learnt.atMs, lowMs: Math.max(lowMs, learnt.lowMs), highMs: Math.min(highMs, learnt.highMs) }
  return both.lowMs <= both.highMs ? both : learnt
}
