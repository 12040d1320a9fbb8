import fc from 'fast-check'
import { applyTransition, compare, direct, type Interval, type Settlement } from '../../src/domain/index.ts'

const UNKNOWN_SYSTEM = { osPlatform: null, version: null }
const snapshotOf = (day: number) => `202601${String(day).padStart(2, '0')}T020000Z`
const atOf = (day: number) => `2026-01-${String(day).padStart(2, '0')}T01:00:00.000Z`

/** What a machine answers on a day: KBs with their products. `reported`: it sent a report since; `silent`: none for 30 days. */
export interface Day {
  kbs: Readonly<Record<string, string>>
  outcome?: Settlement['outcome']
  reported?: boolean
  silent?: boolean
  upgraded?: boolean
  /** Answered by the other source. */
  rebased?: boolean
}

function settlementOf(
  day: number,
  { kbs, outcome = 'observed', reported = true, silent = false, upgraded = false, rebased = false }: Day,
  before: number,
): Settlement {
  return {
    snapshotId: snapshotOf(day),
    outcome,
    ...direct(atOf(day)),
    kbs: Object.entries(kbs).map(([kbId, product]) => ({
      kbId,
      kbName: null,
      productsNames: product.split(' '),
      url: null,
      cveAddressed: null,
    })),
    dropped: 0,
    evidence: {
      startedAt: atOf(day),
      firstObservation: before === 0,
      baseline: true,
      rebased: rebased && outcome === 'observed' && before > 0,
      lastSeen: silent ? '2025-10-01T00:00:00.000Z' : atOf(reported ? day : Math.max(1, before)),
      observedLastSeen: atOf(Math.max(1, before)),
      system: upgraded ? { osPlatform: 'Windows11', version: null } : UNKNOWN_SYSTEM,
      observedSystem: upgraded ? { osPlatform: 'Windows10', version: null } : UNKNOWN_SYSTEM,
    },
    products: {},
    lastObservedSnapshotId: before === 0 ? null : snapshotOf(before),
  }
}

/** The intervals that the rules make of a machine's days, a snapshot each. */
export function play(days: readonly Day[]): Interval[] {
  let intervals: Interval[] = []
  let before = 0
  for (const [index, day] of days.entries()) {
    const settled = settlementOf(index + 1, day, before)
    intervals = applyTransition(intervals, compare(intervals, settled))
    if (settled.outcome === 'observed') before = index + 1
  }
  return intervals
}

/** The settlement of the last of a machine's days. */
export function settledOn(days: readonly Day[]): Settlement {
  const before = days.slice(0, -1).findLastIndex(({ outcome = 'observed' }) => outcome === 'observed') + 1
  return settlementOf(days.length, days.at(-1) ?? { kbs: {} }, before)
}

const W = 'windows_11'

const machineDays = fc.array(
  fc.record({
    kbs: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom(W, 'office', `office ${W}`, 'windows_10'), { maxKeys: 3 }),
    outcome: fc.constantFrom('observed' as const, 'observed' as const, 'observed' as const, 'removed' as const, 'excluded' as const),
    reported: fc.boolean(),
    silent: fc.boolean(),
    upgraded: fc.boolean(),
    rebased: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
)
/** Up to twelve days of whatever may happen to a machine, and its intervals after them. */
export const playedDays = machineDays.map((all) => all.map((day) => (day.outcome === 'observed' ? day : { ...day, kbs: {} })))
export const played = playedDays.map(play)
