import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareCounts,
  newSample,
  NOTHING_COMPARED,
  pendingSnapshot,
  type RecentSample,
  restoredTenant,
  type SampleFigures,
  type Snapshot,
  samplingAfter,
  unverifiedDetail,
  verificationOf,
  withCounts,
  withSample,
} from '../../src/domain/index.ts'

const figuresOf = (n: number, newest: number, raw = 0): SampleFigures => ({
  ...newSample(n),
  n,
  newest: { equal: newest, more: n - newest, less: 0, both: 0 },
  raw: { equal: raw, more: n - raw, less: 0, both: 0 },
})
const idAt = (index: number) => `202603${String(index + 1).padStart(2, '0')}T020000Z`
const recentOf = (...all: SampleFigures[]): RecentSample[] =>
  all.reduce<RecentSample[]>((recent, figures, index) => withSample(recent, idAt(index), figures), [])

describe('an export', () => {
  it('is unverified below 95 % of at least 50 machines, by the list that agrees better', () => {
    const verified = (n: number, newest: number, raw = 0) => verificationOf(recentOf(figuresOf(n, newest, raw)))?.verified
    expect([verified(60, 57), verified(60, 56), verified(60, 0, 57), verified(50, 48), verified(50, 47)]).toEqual([
      true,
      false,
      true,
      true,
      false,
    ])
    expect([verified(49, 0), verified(1, 1), verificationOf([]), verificationOf(recentOf(figuresOf(0, 0)))]).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  it('says why, and names nobody', () => {
    const verification = verificationOf(recentOf(figuresOf(60, 56)))
    const detail = verification && unverifiedDetail(verification)
    expect(detail).toContain('unverified: of 60 machines')
    expect(detail).toContain('93.3 %')
    expect(unverifiedDetail({ verified: null, share: 0, n: 9, listsLike: null })).toBeUndefined()
  })

  it('is judged by the newest samples that have machines enough together, and by no older one', () => {
    const sizes = fc.array(
      fc.integer({ min: 0, max: 80 }).chain((n) => fc.tuple(fc.constant(n), fc.nat(n))),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(sizes, (all) => {
        const recent = recentOf(...all.map(([n, equal]) => figuresOf(n, equal)))
        const newestFirst = all.toReversed()
        expect(recent.map(({ n }) => n)).toEqual(newestFirst.slice(0, recent.length).map(([n]) => n))
        const sum = recent.reduce((total, { n }) => total + n, 0)
        expect(sum >= 50 || recent.length === all.length).toBe(true)
        expect(recent.slice(0, -1).reduce((total, { n }) => total + n, 0)).toBeLessThan(50)
      }),
    )
  })

  it('counts once, though its sample is written down slice by slice', () => {
    const once = withSample(recentOf(figuresOf(20, 20)), idAt(7), figuresOf(40, 30))
    const twice = withSample(withSample(recentOf(figuresOf(20, 20)), idAt(7), figuresOf(10, 1)), idAt(7), figuresOf(40, 30))
    expect(twice).toEqual(once)
    expect(verificationOf(twice)).toMatchObject({ n: 60, share: 50 / 60, verified: false })
  })

  it('is to be sampled when it has ended, unless it failed; another source ends that', () => {
    const ended = { ...pendingSnapshot(idAt(1), 'schedule', 'export'), status: 'completed', sourceTime: '2026-03-02T00:00:00Z' } as const
    expect(samplingAfter(ended, '2026-03-01T18:00:00Z')).toEqual({ sampleSnapshotId: idAt(1), sampleMinutes: 360, sampleRetryAt: null })
    expect(samplingAfter({ ...ended, status: 'failed' }, null)).toEqual({})
    expect(samplingAfter({ ...ended, source: 'perMachine', sourceTime: null }, null)).toEqual({ sampleSnapshotId: null, recentSamples: [] })
  })

  it("leaves in its snapshots what is known of it, should the tenant's row be lost", () => {
    const ended = (index: number, figures: SampleFigures | null): Snapshot => ({
      ...pendingSnapshot(idAt(index), 'schedule', 'export'),
      status: 'completed',
      phase: 'ended',
      sourceTime: '2026-03-02T00:00:00Z',
      finishedAt: '2026-03-02T02:10:00Z',
      sample: figures,
    })
    const other: Snapshot = { ...ended(1, null), source: 'perMachine', sourceTime: null }
    const snapshots = [ended(0, figuresOf(40, 1)), other, ended(2, figuresOf(30, 30)), ended(3, figuresOf(10, 10)), ended(4, null)]
    const { recentSamples } = restoredTenant(snapshots, Date.parse('2026-03-09T00:00:00Z'))
    expect(recentSamples).toEqual(
      recentOf(figuresOf(30, 30), figuresOf(10, 10)).map((sample, index) => ({ ...sample, snapshotId: idAt(3 - index) })),
    )
  })
})

const counts = fc.uniqueArray(fc.tuple(fc.constantFrom<string>('90', '91', '92', '93'), fc.nat(9)), { selector: ([kbId]) => kbId })

describe('counts by product', () => {
  it('are compared KB by KB; what a side does not name is 0 there', () => {
    fc.assert(
      fc.property(counts, counts, (ours, theirs) => {
        const rows = compareCounts(
          'windows_11',
          new Map(ours),
          theirs.map(([kbId, machineMissedOn]) => ({ kbId: `KB${kbId}`, machineMissedOn })),
        )
        const [own, other] = [new Map(ours), new Map(theirs)]
        expect(rows).toHaveLength(new Set([...own.keys(), ...other.keys()]).size)
        for (const { kbId, ours, theirs, difference } of rows) {
          const id = kbId.replace('KB', '')
          expect([ours, theirs, difference]).toEqual([own.get(id) ?? 0, other.get(id) ?? 0, (other.get(id) ?? 0) - (own.get(id) ?? 0)])
        }
        const { compared, differ, largest } = withCounts(NOTHING_COMPARED, rows)
        const differences = rows.map(({ difference }) => Math.abs(difference ?? 0))
        expect([compared, differ, largest]).toEqual([rows.length, differences.filter(Boolean).length, Math.max(0, ...differences)])
      }),
    )
  })

  it('are not compared where Defender gives no number', () => {
    const rows = compareCounts('windows_11', new Map([['90', 3]]), [{ kbId: '90', machineMissedOn: null }, { kbId: '91' }])
    expect(rows.map(({ theirs, difference }) => [theirs, difference])).toEqual([
      [null, null],
      [null, null],
    ])
    expect(withCounts(NOTHING_COMPARED, rows)).toEqual(NOTHING_COMPARED)
  })
})
