import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  applyTransition,
  compare,
  direct,
  type Interval,
  isOpen,
  type MissingKb,
  projectChanges,
  rewind,
  sameKbs,
  SOURCE_KINDS,
  type SourceKind,
  type Settlement,
} from '../../src/domain/index.ts'

const UNKNOWN_SYSTEM = { osPlatform: null, version: null }
const MACHINE = { machineId: 'a1', computerDnsName: 'pc-1', osPlatform: 'Windows11', rbacGroupName: null }
const snapshotIdOf = (day: number) => `202601${String(day).padStart(2, '0')}T020000Z`
const KB_IDS = ['5000001', '5000002', '5000003', '5000004', '5000005', '5000006']

const answeredKb = (kbId: string, source: SourceKind = 'perMachine'): MissingKb => ({
  kbId,
  kbName: `KB ${kbId}`,
  productsNames: [`product_${Number(kbId) % 2}`],
  url: null,
  cveAddressed: 3,
  ...(source === 'export' && { contains: [`4${kbId}`] }),
})

/** What happens to one machine in one snapshot. */
const step = fc.record({
  kbIds: fc.subarray(KB_IDS),
  outcome: fc.constantFrom('observed' as const, 'observed' as const, 'observed' as const, 'removed' as const, 'excluded' as const),
  reported: fc.boolean(),
  source: fc.constantFrom(...SOURCE_KINDS),
})
type Step = { kbIds: string[]; outcome: 'observed' | 'removed' | 'excluded'; reported: boolean; source: SourceKind }

function settlement(day: number, { kbIds, outcome, reported, source }: Step, observedBefore: number, sourceBefore: SourceKind): Settlement {
  return {
    snapshotId: snapshotIdOf(day),
    outcome,
    ...direct(`2026-01-${String(day).padStart(2, '0')}T02:10:00.000Z`),
    source,
    kbs: outcome === 'observed' ? kbIds.map((kbId) => answeredKb(kbId, source)) : [],
    dropped: 0,
    evidence: {
      startedAt: `2026-01-${String(day).padStart(2, '0')}T02:00:00Z`,
      firstObservation: observedBefore === 0,
      baseline: false,
      rebased: outcome === 'observed' && observedBefore > 0 && source !== sourceBefore,
      lastSeen: `2026-01-${String(reported ? day : Math.max(1, day - 1)).padStart(2, '0')}T01:00:00.000Z`,
      observedLastSeen: `2026-01-${String(Math.max(1, day - 1)).padStart(2, '0')}T01:00:00.000Z`,
      system: UNKNOWN_SYSTEM,
      observedSystem: UNKNOWN_SYSTEM,
    },
    products: {},
    lastObservedSnapshotId: observedBefore === 0 ? null : snapshotIdOf(observedBefore),
  }
}

/** Plays the steps one after another, and hands each transition to `see`. */
function play(steps: Step[], see: (before: Interval[], changed: Interval[], after: Interval[], settled: Settlement) => void): Interval[] {
  let intervals: Interval[] = []
  let observedBefore = 0
  let sourceBefore: SourceKind = 'perMachine'
  steps.forEach((oneStep, index) => {
    const settled = settlement(index + 1, oneStep, observedBefore, sourceBefore)
    const changed = compare(intervals, settled)
    const after = applyTransition(intervals, changed)
    see(intervals, changed, after, settled)
    intervals = after
    if (oneStep.outcome !== 'observed') return
    observedBefore = index + 1
    sourceBefore = oneStep.source
  })
  return intervals
}

const openIds = (intervals: readonly Interval[]) =>
  intervals
    .filter(isOpen)
    .map((interval) => interval.kbId)
    .sort()
const unlabelled = ({ derived: _, contains: __, ...interval }: Interval) => interval
const labelOf = (intervals: readonly Interval[], kbId: string) => intervals.find((one) => one.kbId === kbId && isOpen(one))?.derived
const histories = fc.array(step, { minLength: 1, maxLength: 20 })

describe('comparing an answer with the intervals', () => {
  it('leaves open exactly what the answer names, each KB once', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        play(steps, (_, __, after, settled) => expect(openIds(after)).toEqual(settled.kbs.map((kb) => kb.kbId).sort()))
      }),
    )
  })

  it('finds nothing to change when it is done a second time', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        play(steps, (_, __, after, settled) => expect(compare(after, settled)).toEqual([]))
      }),
    )
  })

  it('can be rewound and repeated with the same result', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        play(steps, (before, changed, after, settled) => {
          const rewound = rewind(after, settled.snapshotId)
          // What an answer says of one that stays open is no part of its opening, and is not taken back.
          expect(rewound.map(unlabelled)).toEqual(before.map(unlabelled))
          expect(applyTransition(rewound, compare(rewound, settled))).toEqual(after)
          expect(compare(before, settled)).toEqual(changed)
        })
      }),
    )
  })

  it('can be repeated from intervals of which only some were written', () => {
    fc.assert(
      fc.property(histories, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (steps, written) => {
        play(steps, (before, changed, after, settled) => {
          const partly = applyTransition(
            before,
            changed.filter((_, index) => written[index % written.length]),
          )
          const rewound = rewind(partly, settled.snapshotId)
          expect(applyTransition(rewound, compare(rewound, settled))).toEqual(after)
        })
      }),
    )
  })

  it('opens and closes as rebased where the observation before came from another source, and only there', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        play(steps, (before, _, after, settled) => {
          for (const change of projectChanges(MACHINE, after, settled.snapshotId)) {
            expect(change.reason === 'rebased').toBe(settled.evidence.rebased)
            expect(change.derived).toBe(settled.outcome === 'observed' ? settled.source === 'export' : labelOf(before, change.kbId))
          }
        })
      }),
    )
  })

  it('labels what stays open by the source that named it last, with what it contains', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        play(steps, (_, __, after, settled) => {
          if (settled.outcome !== 'observed') return
          for (const { derived, contains, kbId } of after.filter(isOpen)) {
            expect({ derived, contains }).toEqual({
              derived: settled.source === 'export',
              contains: settled.source === 'export' ? [`4${kbId}`] : [],
            })
          }
        })
      }),
    )
  })

  it('never lets two intervals of one KB overlap, and closes each at a later snapshot than it opened', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const intervals = play(steps, () => undefined)
        for (const kbId of KB_IDS) {
          const ofKb = intervals
            .filter((interval) => interval.kbId === kbId)
            .sort((a, b) => (a.appearedSnapshotId < b.appearedSnapshotId ? -1 : 1))
          ofKb.forEach((interval, index) => {
            if (!isOpen(interval)) expect((interval.resolvedSnapshotId ?? '') > interval.appearedSnapshotId).toBe(true)
            const next = ofKb[index + 1]
            if (next) expect(!isOpen(interval) && (interval.resolvedSnapshotId ?? '') < next.appearedSnapshotId).toBe(true)
          })
        }
      }),
    )
  })

  it('names as last seen missing the observation before, never one after', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        play(steps, (_, changed, __, settled) => {
          for (const interval of changed.filter((one) => !isOpen(one))) {
            expect(interval.lastMissingSnapshotId).toBe(settled.lastObservedSnapshotId)
            expect((interval.lastMissingSnapshotId ?? '') < settled.snapshotId).toBe(true)
          }
        })
      }),
    )
  })
})

describe('projected changes', () => {
  it('lead from the state before to the state after', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        play(steps, (before, _, after, settled) => {
          const state = new Set(openIds(before))
          for (const change of projectChanges(MACHINE, after, settled.snapshotId)) {
            if (change.change === 'appeared') {
              expect(state.has(change.kbId)).toBe(false)
              state.add(change.kbId)
            } else expect(state.delete(change.kbId)).toBe(true)
          }
          expect([...state].sort()).toEqual(openIds(after))
        })
      }),
    )
  })

  it('hold one change a KB and snapshot at most', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        play(steps, (_, __, after, settled) => {
          const kbIds = projectChanges(MACHINE, after, settled.snapshotId).map((change) => change.kbId)
          expect(new Set(kbIds).size).toBe(kbIds.length)
        })
      }),
    )
  })
})

describe('an unchanged answer', () => {
  it('is told by the set of KBs alone', () => {
    fc.assert(
      fc.property(fc.subarray(KB_IDS), fc.subarray(KB_IDS), (open, answered) => {
        expect(
          sameKbs(
            open,
            answered.map((kbId) => answeredKb(kbId)),
          ),
        ).toBe([...open].sort().join() === [...answered].sort().join())
      }),
    )
  })
})
