import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeGap, type Gap, gapAt, GAP_CAUSES, type GapCause, type OpenGap } from '../../src/domain/index.ts'

const CAUSES: readonly (GapCause | null)[] = [
  null,
  { kind: 'unknown', code: 'http404' },
  { kind: 'unknown', code: 'timeout' },
  ...[GAP_CAUSES.silent, GAP_CAUSES.neverReported, GAP_CAUSES.platformNotAsked, GAP_CAUSES.removed],
]
const idOf = (day: number) => `202601${String(day + 1).padStart(2, '0')}T020000Z`

interface Day {
  cause: GapCause | null
  isFailed: boolean
}

const days: fc.Arbitrary<Day[]> = fc.array(
  fc.record({ cause: fc.constantFrom(...CAUSES), isFailed: fc.constantFrom(false, false, true) }),
  {
    minLength: 1,
    maxLength: 25,
  },
)

/** The rows that days leave, each of which may be judged twice, as after a kill; `noted` tells whether what stands beside was written. */
function play(all: readonly Day[], twice: boolean, noted: boolean): Gap[] {
  const rows = new Map<string, Gap>()
  let beside: OpenGap | null = null
  for (const [day, { cause, isFailed }] of all.entries()) {
    const ending = { snapshotId: idOf(day), isFailed, isFirstToKeepGaps: false }
    for (const isLast of twice ? [false, true] : [true]) {
      const change = changeGap(beside, cause, ending)
      for (const row of change?.rows ?? []) rows.set(row.fromSnapshotId, row)
      if (change && (isLast || noted)) beside = change.open
    }
  }
  return [...rows.values()]
}

describe('gaps', () => {
  it('hold in the snapshots that found their cause, and are one row a stretch', () => {
    fc.assert(
      fc.property(days, (all) => {
        const gaps = play(all, false, false)
        let held: GapCause | undefined
        for (const [day, { cause, isFailed }] of all.entries()) {
          if (!isFailed || cause === null || cause.code === 'removed') held = cause ?? undefined
          const gap = gapAt(gaps, idOf(day))
          expect(gap && { kind: gap.kind, code: gap.code }).toEqual(held)
        }
        const sorted = gaps.sort((a, b) => (a.fromSnapshotId < b.fromSnapshotId ? -1 : 1))
        for (const [index, gap] of sorted.entries()) {
          const next = sorted[index + 1]
          expect(gap.toSnapshotId === null ? next : gap.toSnapshotId <= (next?.fromSnapshotId ?? '9')).toBe(
            next === undefined ? (gap.toSnapshotId === null ? undefined : true) : true,
          )
          if (next?.fromSnapshotId === gap.toSnapshotId) expect([next?.kind, next?.code]).not.toEqual([gap.kind, gap.code])
        }
      }),
    )
  })

  it('are the same rows when a snapshot is judged again after a kill, whether what stands beside the machine was written or not', () => {
    fc.assert(
      fc.property(days, fc.boolean(), (all, noted) => {
        expect(play(all, true, noted)).toEqual(play(all, false, noted))
      }),
    )
  })

  it('of damaged rows that hold at once the later one counts', () => {
    const gap = (fromSnapshotId: string, code: string): Gap => ({
      kind: 'unknown',
      code,
      fromSnapshotId,
      toSnapshotId: null,
      atLeast: false,
    })
    expect(gapAt([gap(idOf(3), 'b'), gap(idOf(1), 'a')], idOf(4))?.code).toBe('b')
    expect(gapAt([gap(idOf(3), 'b'), gap(idOf(1), 'a')], idOf(2))?.code).toBe('a')
  })
})
