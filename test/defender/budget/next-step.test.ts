import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../../src/defender/budget/ledger.ts'
import { nextStep, type NextStep, type SliceState, type StepLimits } from '../../../src/defender/budget/next-step.ts'
import { LONGEST_AHEAD_MS, RESERVATION, UNANSWERED_GRACE_MS } from '../../../src/defender/budget/policy.ts'
import type { Quota } from '../../../src/defender/budget/quota.ts'
import { begin, end, openReservation, spendingOf, type CallEnd } from '../../../src/defender/budget/spending.ts'
import { HOUR, MINUTE, REFERENCE_MS, SECOND } from './units.ts'
import { mostIn } from './world.ts'

const QUOTA = { perMinute: 5, perHour: 100 }
const LIMITS: StepLimits = { endsAtMs: REFERENCE_MS + 45 * SECOND, arriveWithinMs: 30 * SECOND, maxPauseMs: 5 * SECOND }
const at = (ms: number) => ({ earliestMs: REFERENCE_MS + ms, latestMs: REFERENCE_MS + ms })
/** A slice before its first call, when 5 calls ended so long ago. */
const slice = (agoMs: number, state: Partial<SliceState> = {}): SliceState => ({
  spending: spendingOf([{ endMs: REFERENCE_MS - agoMs, count: 5 }]),
  pausedMs: 0,
  wanted: Infinity,
  ...state,
})
const reservedBy = (state: SliceState, limits = LIMITS) => {
  const step = nextStep(state, QUOTA, at(0), limits)
  return step.kind === 'reserve' ? step.reservation : undefined
}
const opened = (state: SliceState): SliceState => {
  const reservation = reservedBy(state)
  if (!reservation) throw new Error('Nothing was reserved')
  return { ...state, spending: openReservation(state.spending, reservation) }
}

describe('the next step', () => {
  const LARGE = { perMinute: 1e6, perHour: 1e6 }

  test('with nothing reserved is to reserve what there is work for, at least one call and at most 1,000', () => {
    const reserve = (wanted: number) => nextStep(slice(2 * MINUTE, { wanted }), LARGE, at(0), LIMITS)
    for (const [wanted, granted] of [
      [2, 2],
      [0, 1],
      [Infinity, 1_000],
    ] as const)
      expect(reserve(wanted)).toMatchObject({ kind: 'reserve', reservation: { granted } })
  })

  test('reserves for the next five seconds, and not beyond the deadline', () => {
    expect(reservedBy(slice(2 * MINUTE))?.sendByMs).toBe(REFERENCE_MS + 5 * SECOND)
    expect(reservedBy(slice(2 * MINUTE), { ...LIMITS, endsAtMs: REFERENCE_MS + 4 * SECOND })?.sendByMs).toBe(REFERENCE_MS + 4 * SECOND)
  })

  test('reserves a twentieth of the smaller quota at first', () => {
    const granted = (quota: Quota) => {
      const step = nextStep({ spending: spendingOf([]), pausedMs: 0, wanted: Infinity }, quota, at(0), LIMITS)
      return step.kind === 'reserve' ? step.reservation.granted : 0
    }
    expect(granted({ perMinute: 50, perHour: 1_500 })).toBe(3)
    expect(granted({ perMinute: 1_000, perHour: 100 })).toBe(5)
  })

  /** What is reserved so many milliseconds after a reservation, when so many calls were begun out of it, 20 of which there were at first. */
  const granted = (begun: number, afterMs: number) => {
    const first = nextStep({ spending: spendingOf([]), pausedMs: 0, wanted: 20 }, LARGE, at(0), LIMITS)
    if (first.kind !== 'reserve') throw new Error('Nothing was reserved')
    let spending = openReservation(spendingOf([]), first.reservation)
    for (let call = 0; call < begun; call++) spending = end(begin(spending), at(10), 'answered')
    const step = nextStep({ spending, pausedMs: 0, wanted: Infinity }, { perMinute: 100, perHour: 1_500 }, at(afterMs), LIMITS)
    return step.kind === 'reserve' ? step.reservation.granted : undefined
  }

  test('reserves by the pace at which the last reservation was used, and at most four times as much', () => {
    expect(granted(20, 100)).toBe(80)
    expect(granted(20, 2.5 * SECOND)).toBe(40)
    expect(granted(20, 10 * SECOND)).toBe(10)
    expect(granted(7, 5 * SECOND + 1)).toBe(7)
    expect(granted(0, 5 * SECOND + 1)).toBe(5)
  })

  test('reserves no further ahead than a ledger is trusted, whatever the call may take', () => {
    const reservation = reservedBy(slice(2 * MINUTE), { ...LIMITS, arriveWithinMs: LONGEST_AHEAD_MS - 2 * SECOND })
    expect(reservation).toMatchObject({ sendByMs: REFERENCE_MS + 2 * SECOND })
    expect(reservation?.ledger.at(-1)).toEqual({ endMs: REFERENCE_MS + LONGEST_AHEAD_MS, count: 1 })
  })

  test('waits for calls that are not free soon with nothing reserved: a kill forfeits nothing then', () => {
    expect(nextStep(slice(55_001), QUOTA, at(0), LIMITS)).toEqual({ kind: 'wait', ms: 4_000 })
    expect(nextStep({ ...slice(55_001), pausedMs: 1 }, QUOTA, at(0), LIMITS)).toEqual({ kind: 'exhausted', because: 'quota' })
    expect(nextStep({ ...slice(55_001), pausedMs: 4_000 }, QUOTA, at(4_000), LIMITS)).toMatchObject({ kind: 'reserve' })
  })

  test('waits for next to nothing where the hour binds', () => {
    const hourly = (agoMs: number) => nextStep(slice(agoMs), { perMinute: 5, perHour: 9 }, at(0), { ...LIMITS, maxPauseMs: MINUTE })
    expect(hourly(55_999)).toEqual({ kind: 'exhausted', because: 'quota' })
    expect(hourly(56_001)).toEqual({ kind: 'wait', ms: 3_000 })
  })

  test('ends the slice when a slow store lets reservation after reservation run out before a call is begun', () => {
    let spending = spendingOf([])
    let nowMs = 0
    const steps: NextStep[] = []
    for (;;) {
      const step = nextStep({ spending, pausedMs: 0, wanted: 20 }, LARGE, at(nowMs), { ...LIMITS, endsAtMs: REFERENCE_MS + HOUR })
      steps.push(step)
      if (step.kind !== 'reserve') break
      spending = openReservation(spending, step.reservation)
      nowMs += 4 * MINUTE
    }
    const lastsMs = steps.map((step) => step.kind === 'reserve' && step.reservation.sendByMs - step.reservation.madeMs)
    expect(lastsMs).toEqual([5 * SECOND, 20 * SECOND, 80 * SECOND, false])
    expect(steps.at(-1)).toEqual({ kind: 'exhausted', because: 'deadline' })
  })

  test('is to begin a reserved call that is free', () => {
    expect(nextStep(opened(slice(2 * MINUTE)), QUOTA, at(0), LIMITS)).toEqual({ kind: 'begin' })
  })

  test('is to wait for a reserved call that is free within what the slice may still pause', () => {
    const state = opened(slice(59_001))
    expect(nextStep(state, QUOTA, at(0), LIMITS)).toEqual({ kind: 'wait', ms: 1_000 })
    expect(nextStep(state, QUOTA, at(999), LIMITS)).toEqual({ kind: 'wait', ms: 1 })
    expect(nextStep(state, QUOTA, at(1_000), LIMITS)).toEqual({ kind: 'begin' })
    expect(nextStep({ ...state, pausedMs: 4_001 }, QUOTA, at(0), LIMITS)).toEqual({ kind: 'exhausted', because: 'quota' })
  })

  test('reserves nothing that is not free within that', () => {
    expect(nextStep(slice(55_000), QUOTA, at(0), LIMITS)).toEqual({ kind: 'exhausted', because: 'quota' })
    expect(nextStep(slice(55_001, { pausedMs: 1 }), QUOTA, at(0), LIMITS)).toEqual({ kind: 'exhausted', because: 'quota' })
  })

  test('is none after the deadline, by the latest present', () => {
    const now = { earliestMs: REFERENCE_MS, latestMs: LIMITS.endsAtMs + 1 }
    expect(nextStep(opened(slice(2 * MINUTE)), QUOTA, now, LIMITS)).toEqual({ kind: 'exhausted', because: 'deadline' })
  })
})

/** Something that happens to a slice: it asks for a call, or one of its calls ends. */
interface Event {
  /** Time that passes before. */
  gapMs: number
  ends: CallEnd | undefined
  /** When within its time the call that ends arrived, 0 to 1. */
  arrival: number
  /** How far the bounds of the present are from the true time. */
  early: number
  late: number
  storeMs: number
}

const MOST_STORE_MS = 5 * MINUTE

/** Mostly nothing: what is tight is found where everything is exact. */
const seldom = (values: fc.Arbitrary<number>) => fc.oneof(fc.constant(0), fc.constant(0), values)

const events: fc.Arbitrary<Event> = fc.record({
  gapMs: fc.oneof(
    fc.integer({ min: 0, max: SECOND }),
    fc.integer({ min: MINUTE - SECOND, max: MINUTE }),
    fc.integer({ min: 0, max: 8 * MINUTE }),
  ),
  ends: fc.constantFrom(undefined, undefined, 'answered', 'answered', 'unanswered', 'notSent'),
  arrival: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  early: seldom(fc.nat(2 * SECOND)),
  late: seldom(fc.nat(2 * SECOND)),
  storeMs: seldom(fc.oneof(fc.nat(2 * SECOND), fc.nat(MOST_STORE_MS))),
})

interface Run {
  quota: Quota
  limits: StepLimits
  wanted: number
  events: Event[]
}

const runs: fc.Arbitrary<Run> = fc.record({
  quota: fc.record({ perMinute: fc.integer({ min: 1, max: 8 }), perHour: fc.integer({ min: 1, max: 40 }) }),
  limits: fc.record({
    endsAtMs: fc.integer({ min: REFERENCE_MS, max: REFERENCE_MS + 4 * HOUR }),
    arriveWithinMs: fc.oneof(
      fc.integer({ min: UNANSWERED_GRACE_MS, max: LONGEST_AHEAD_MS - 1 }),
      fc.integer({ min: LONGEST_AHEAD_MS - 2 * SECOND, max: LONGEST_AHEAD_MS - 1 }),
    ),
    maxPauseMs: fc.nat(2 * MINUTE),
  }),
  wanted: fc.nat(10),
  events: fc.array(events, { minLength: 10, maxLength: 80, size: 'max' }),
})

/** Wait, reserve and wait, as often as a reservation may be fruitless; then begin. */
const MOST_STEPS = 3 * (RESERVATION.mostFruitless + 1)

/** Carries steps out by a true time that the bounds of the present enclose, with nothing but arithmetic around them. */
class Carried {
  nowMs = REFERENCE_MS
  spending = spendingOf([])
  pausedMs = 0
  /** True times at which calls reached Defender. */
  readonly arrivals: number[] = []
  /** Begun, and not ended. */
  readonly inFlight: number[] = []
  stored: Ledger = []
  readonly #run: Run

  constructor(run: Run) {
    this.#run = run
  }

  /** The steps of one call, up to the one that is the last. */
  take(event: Event): NextStep[] {
    const steps: NextStep[] = []
    for (;;) {
      const { wanted, quota, limits } = this.#run
      const step = nextStep({ spending: this.spending, pausedMs: this.pausedMs, wanted }, quota, this.#bounds(event), limits)
      steps.push(step)
      if (step.kind === 'exhausted' || steps.length > MOST_STEPS) return steps
      if (step.kind === 'begin') {
        this.spending = begin(this.spending)
        this.inFlight.push(this.nowMs)
        return steps
      }
      if (step.kind === 'wait') this.#wait(step.ms)
      else {
        this.stored = step.reservation.ledger
        this.spending = openReservation(this.spending, step.reservation)
        this.nowMs += event.storeMs
      }
    }
  }

  end(event: Event, how: CallEnd): void {
    const begunMs = this.inFlight.shift()
    if (begunMs === undefined) return
    this.spending = end(this.spending, this.#bounds(event), how)
    if (how !== 'notSent') this.#arrive(begunMs, this.nowMs + (how === 'unanswered' ? UNANSWERED_GRACE_MS : 0), event.arrival)
  }

  /** Whatever is in flight arrives as late as it can. */
  landAll(): void {
    for (const begunMs of this.inFlight.splice(0)) this.#arrive(begunMs, Infinity, 1)
  }

  #arrive(begunMs: number, byMs: number, share: number): void {
    const latestMs = Math.min(byMs, begunMs + this.#run.limits.arriveWithinMs)
    this.arrivals.push(Math.floor(begunMs + share * (latestMs - begunMs)))
  }

  #wait(ms: number): void {
    this.pausedMs += ms
    this.nowMs += ms
  }

  #bounds({ early, late }: Event) {
    return { earliestMs: this.nowMs - early, latestMs: this.nowMs + late }
  }
}

/** Plays all events, with a look at each call's steps. */
function play(run: Run, look: (steps: NextStep[], carried: Carried, event: Event) => void = () => undefined): Carried {
  const carried = new Carried(run)
  for (const event of run.events) {
    carried.nowMs += event.gapMs
    if (event.ends) carried.end(event, event.ends)
    else look(carried.take(event), carried, event)
  }
  return carried
}

const since = (arrivals: readonly number[], ms: number): number => arrivals.filter((arrivalMs) => arrivalMs >= ms).length
const storedSince = (ledger: Ledger, ms: number): number => ledger.reduce((sum, { endMs, count }) => sum + (endMs >= ms ? count : 0), 0)

describe('carried out step by step', () => {
  test('never begins a call that a window forbids, wherever between its sending and its end each one arrives', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const carried = play(run)
        carried.landAll()
        expect(mostIn(MINUTE, carried.arrivals)).toBeLessThanOrEqual(run.quota.perMinute)
        expect(mostIn(HOUR, carried.arrivals)).toBeLessThanOrEqual(run.quota.perHour)
      }),
      { numRuns: 500 },
    )
  })

  test('ends, after few steps, with the wait and the deadline kept to', () => {
    fc.assert(
      fc.property(runs, (run) => {
        play(run, (steps, carried, event) => {
          const last = steps.at(-1)
          expect(steps.slice(0, -1).every(({ kind }) => kind === 'reserve' || kind === 'wait')).toBe(true)
          expect(last?.kind === 'begin' || last?.kind === 'exhausted').toBe(true)
          expect(carried.pausedMs).toBeLessThanOrEqual(run.limits.maxPauseMs)
          if (last?.kind === 'begin') expect(carried.nowMs + event.late).toBeLessThanOrEqual(run.limits.endsAtMs)
        })
      }),
      { numRuns: 500 },
    )
  })

  test('leaves a stored ledger, if killed at any step, that counts every call as long as it may count', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const carried = play(run)
        carried.landAll()
        for (const arrivalMs of carried.arrivals) {
          expect(storedSince(carried.stored, arrivalMs)).toBeGreaterThanOrEqual(since(carried.arrivals, arrivalMs))
        }
      }),
      { numRuns: 500 },
    )
  })
})
