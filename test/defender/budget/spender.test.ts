import { describe, expect, test } from 'vitest'
import {
  createSpender,
  createStoreTime,
  localTime,
  parseLedger,
  type BudgetTime,
  type Quota,
  type Spender,
  type StoreAnswer,
} from '../../../src/defender/budget/index.ts'
import type { SliceLimits, StoredLedger } from '../../../src/defender/budget/spender-options.ts'
import type { Take } from '../../../src/defender/budget/spender.ts'
import { LONGEST_AHEAD_MS } from '../../../src/defender/budget/policy.ts'
import type { Clock } from '../../../src/outside.ts'
import { HOUR, MINUTE, REFERENCE_MS, SECOND } from './units.ts'

/** A clock whose sleep moves it and resolves at once. */
class MovedClock implements Clock {
  nowMs = REFERENCE_MS
  now(): number {
    return this.nowMs
  }
  async sleep(milliseconds: number): Promise<void> {
    this.nowMs += milliseconds
  }
}

interface Bench {
  clock: MovedClock
  spender: Spender
  /** What was stored, and what was granted, in order. */
  events: string[]
  saved: string[]
  take: () => Promise<Take>
}

interface BenchOptions extends Partial<SliceLimits> {
  quota?: Quota
  ledgerText?: string | undefined
  save?: StoredLedger['save']
  time?: BudgetTime
  wanted?: () => number
}

const LIMITS: SliceLimits = { deadlineMs: REFERENCE_MS + 45 * SECOND, callTimeoutMs: 20 * SECOND, maxPauseMs: 5 * SECOND }

function bench({ quota, ledgerText, save, time, wanted, ...limits }: BenchOptions = {}): Bench {
  const clock = new MovedClock()
  const events: string[] = []
  const saved: string[] = []
  const note = async (text: string): Promise<undefined> => {
    await Promise.resolve()
    saved.push(text)
    events.push('saved')
  }
  const spender = createSpender({
    quota: quota ?? { perMinute: 5, perHour: 100 },
    stored: { text: ledgerText, save: save ?? note },
    outside: { budgetTime: time ?? localTime(clock), clock },
    limits: { ...LIMITS, ...limits },
    ...(wanted && { wanted }),
  })
  const take = async (): Promise<Take> => {
    const taken = await spender.take()
    events.push(taken.kind)
    return taken
  }
  return { clock, spender, events, saved, take }
}

const reserved = (text: string | undefined, nowMs = REFERENCE_MS): number =>
  parseLedger(text, { earliestMs: nowMs, latestMs: nowMs }).ledger.reduce((sum, { count }) => sum + count, 0)

function finish(taken: Take): void {
  if (taken.kind === 'granted') taken.done('answered')
}

describe('taking calls', () => {
  test('stores the reservation before the first call is granted', async () => {
    const { take, events, saved } = bench()
    await take()
    expect(events).toEqual(['saved', 'granted'])
    expect(reserved(saved[0])).toBe(5)
  })

  test('by many workers at once makes one reservation, and grants no call more than it has', async () => {
    const { take, events, spender } = bench()
    const taken = await Promise.all(Array.from({ length: 8 }, take))
    expect(taken.map(({ kind }) => kind)).toEqual([...Array<string>(5).fill('granted'), ...Array<string>(3).fill('exhausted')])
    expect(events.filter((event) => event === 'saved')).toHaveLength(1)
    expect(spender.counters).toEqual({ calls: 5, saves: 1, pausedMs: 0 })
  })

  test('needs one store per 1,000 calls when the quota is out of reach', async () => {
    const { take, spender } = bench({ quota: { perMinute: 1e6, perHour: 1e6 } })
    for (let call = 0; call < 5_000; call++) finish(await take())
    expect(spender.counters).toMatchObject({ calls: 5_000, saves: 5 })
  })

  test('reserves no more than there is work for', async () => {
    const { take, saved } = bench({ wanted: () => 2 })
    finish(await take())
    expect(reserved(saved[0])).toBe(2)
  })

  test('grants nothing when the reservation could not be stored, and says why', async () => {
    const failures = ['412', '503']
    const { take, spender, events } = bench({
      save: async () => {
        const failure = failures.shift()
        if (failure !== undefined) throw new Error(failure)
        return undefined
      },
    })
    const taken = await Promise.allSettled([take(), take(), take()])
    expect(taken.map((each) => (each.status === 'rejected' ? String(each.reason) : each.value.kind))).toEqual([
      'Error: 412',
      'Error: 503',
      'granted',
    ])
    expect(events).toEqual(['granted'])
    expect(spender.counters.calls).toBe(1)
  })

  test('waits for a call that is free soon, and no longer than the slice may pause', async () => {
    const before = bench()
    for (let call = 0; call < 5; call++) {
      finish(await before.take())
      before.clock.nowMs += 2 * SECOND
    }
    const { clock, take, spender } = bench({ ledgerText: before.spender.flush(), deadlineMs: REFERENCE_MS + 2 * MINUTE })
    clock.nowMs = REFERENCE_MS + 58 * SECOND
    finish(await take())
    expect(clock.nowMs).toBe(REFERENCE_MS + MINUTE + 11)
    finish(await take())
    expect(clock.nowMs).toBe(REFERENCE_MS + MINUTE + 2 * SECOND + 11)
    expect(await take()).toEqual({ kind: 'exhausted', because: 'quota' })
    expect(spender.counters.pausedMs).toBe(4 * SECOND + 11)
  })

  test('does not wait past the deadline, and grants nothing after it', async () => {
    const spent = bench()
    for (let call = 0; call < 5; call++) finish(await spent.take())
    const { clock, take } = bench({ ledgerText: spent.spender.flush(), deadlineMs: REFERENCE_MS + MINUTE })
    clock.nowMs = REFERENCE_MS + MINUTE - 2
    expect(await take()).toMatchObject({ kind: 'exhausted', because: 'quota' })
    clock.nowMs = REFERENCE_MS + 2 * MINUTE
    expect(await take()).toMatchObject({ kind: 'exhausted', because: 'deadline' })
  })

  test('refuses calls that may last longer than a ledger is trusted ahead', () => {
    expect(() => bench({ callTimeoutMs: LONGEST_AHEAD_MS })).toThrow(RangeError)
  })
})

describe('ending a slice', () => {
  test('gives back what was not spent, and counts a call in flight as late as it can arrive', async () => {
    const { take, spender } = bench()
    finish(await take())
    await take()
    const { ledger } = parseLedger(spender.flush(), { earliestMs: REFERENCE_MS, latestMs: REFERENCE_MS })
    expect(ledger).toEqual([
      { endMs: REFERENCE_MS + 10, count: 1 },
      { endMs: REFERENCE_MS + 30 * SECOND + 10, count: 1 },
    ])
  })

  test('counts a call that ended while the next reservation was being stored once', async () => {
    let during = (): void => undefined
    const { take, spender } = bench({
      wanted: () => 1,
      save: async () => {
        during()
        return undefined
      },
    })
    const first = await take()
    during = () => finish(first)
    finish(await take())
    finish(first)
    expect(parseLedger(spender.flush(), { earliestMs: REFERENCE_MS, latestMs: REFERENCE_MS }).ledger).toEqual([
      { endMs: REFERENCE_MS + 10, count: 2 },
    ])
  })

  test('does not count a call that was not sent', async () => {
    const { take, spender } = bench()
    const taken = await take()
    if (taken.kind === 'granted') taken.done('notSent')
    expect(reserved(spender.flush())).toBe(0)
    expect(spender.counters.calls).toBe(0)
  })

  test('mends a ledger that could not be read', async () => {
    const { take, spender } = bench({ ledgerText: 'what?' })
    expect(await take()).toMatchObject({ kind: 'exhausted', because: 'quota' })
    const nowMs = REFERENCE_MS + HOUR + LONGEST_AHEAD_MS + SECOND
    expect(reserved(spender.flush(), nowMs)).toBe(0)
  })
})

describe("by the store's time", () => {
  const answering = (clock: MovedClock, answer: (nowMs: number) => StoreAnswer) => async () => answer(clock.nowMs)

  test('learns the time by storing the ledger as it is, before it reserves', async () => {
    const clock = new MovedClock()
    const stored: string[] = []
    const { take, spender } = bench({
      time: createStoreTime(() => clock.nowMs - REFERENCE_MS),
      save: async (text) => {
        stored.push(text)
        return { date: new Date(clock.nowMs) }
      },
    })
    expect(spender.flush()).toBeUndefined()
    finish(await take())
    expect(stored.map((text) => reserved(text))).toEqual([0, 5])
  })

  test('has no call when the store does not tell the time', async () => {
    const clock = new MovedClock()
    const { take } = bench({ time: createStoreTime(() => clock.nowMs), save: answering(clock, () => ({})) })
    await expect(take()).rejects.toThrow('without a Date')
  })
})
