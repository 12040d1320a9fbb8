import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  agreementOf,
  countKbs,
  disputedKbs,
  disputedMachine,
  hasMoved,
  hoursBetween,
  isKnownByExport,
  judgeSample,
  type KbFigures,
  listsLikeOf,
  newSample,
  passed,
  type SampleCandidate,
  type Sampled,
  sampleDue,
  shareOf,
  stretchesLeft,
  type Turn,
  turnFrom,
  withSampled,
  wrapped,
} from '../../src/domain/index.ts'

const kbIds = fc.uniqueArray(fc.constantFrom<string>('90', '91', '92', '93', '94'))
/** What an export lists of a machine: all of it, and that without what is contained. */
const lists = fc.tuple(kbIds, kbIds).map(([raw, dropped]) => ({ raw, reduced: raw.filter((kbId) => !dropped.includes(kbId)) }))
const cases = fc.tuple(kbIds, lists).map(([truth, { raw, reduced }]) => ({ truth, raw, reduced }))

describe('a machine of a sample', () => {
  it('is judged by the difference of the sets, for both lists', () => {
    fc.assert(
      fc.property(cases, ({ truth, raw, reduced }) => {
        const judged = judgeSample(truth, raw, reduced)
        for (const [list, { verdict, agreed, more, less }] of [[raw, judged.raw] as const, [reduced, judged.newest] as const]) {
          expect(new Set(more)).toEqual(new Set(list.filter((kbId) => !truth.includes(kbId))))
          expect(new Set(less)).toEqual(new Set(truth.filter((kbId) => !list.includes(kbId))))
          expect(new Set([...agreed, ...less])).toEqual(new Set(truth))
          expect(verdict).toBe(more.length > 0 ? (less.length > 0 ? 'both' : 'more') : less.length > 0 ? 'less' : 'equal')
        }
      }),
    )
  })

  it('is judged alike whatever order and spelling its KBs come in', () => {
    fc.assert(
      fc.property(cases, ({ truth, raw, reduced }) => {
        const spelt = truth.map((kbId, index) => (index % 2 === 0 ? `KB${kbId}` : kbId)).reverse()
        const judged = judgeSample(truth, raw, reduced)
        const again = judgeSample(spelt, [...raw, ...raw].reverse(), reduced)
        expect([again.newest.verdict, again.raw.verdict, again.raw.more]).toEqual([
          judged.newest.verdict,
          judged.raw.verdict,
          judged.raw.more,
        ])
      }),
    )
  })

  it('has moved only if it reported after the export was made', () => {
    const made = '2026-03-02T00:00:00.000Z'
    const reports = ['2026-03-02T00:00:00.001Z', '2026-03-02T00:00:00Z', '2026-03-01T23:59:59Z', null, 'soon']
    expect(reports.map((at) => hasMoved(at, made))).toEqual([true, false, false, false, false])
  })

  it('is known by the export only where that was observed, and nothing since', () => {
    const snapshot = { snapshotId: '20260302T020000Z', sourceTime: '2026-03-02T00:00:00Z' }
    const told: SampleCandidate = {
      ...{ lastObservedSnapshotId: snapshot.snapshotId, observedSource: 'export', observedAt: '2026-03-02T00:00:00.000Z' },
      ...{ state: 'observed', lastSeen: null },
    }
    expect(isKnownByExport(told, snapshot)).toBe(true)
    // An empty answer of Defender itself leaves the source as it was.
    expect(isKnownByExport({ ...told, observedAt: '2026-03-02T02:03:00.000Z' }, snapshot)).toBe(false)
    expect(isKnownByExport({ ...told, observedSource: 'perMachine' }, snapshot)).toBe(false)
    expect(isKnownByExport({ ...told, lastObservedSnapshotId: '20260301T020000Z' }, snapshot)).toBe(false)
    expect(isKnownByExport({ ...told, state: 'removed' }, snapshot)).toBe(false)
    expect(isKnownByExport(told, { ...snapshot, sourceTime: null })).toBe(false)
  })
})

const sampled: fc.Arbitrary<Sampled> = fc.oneof(
  cases.map(({ truth, raw, reduced }): Sampled => ({ kind: 'judged', judgement: judgeSample(truth, raw, reduced) })),
  fc.constantFrom<Sampled>({ kind: 'moved' }, { kind: 'unanswered' }),
)

describe('the figures of a sample', () => {
  it('add up to n, in any order; who moved, or gave no answer, is in no share', () => {
    fc.assert(
      fc.property(fc.array(sampled), (all) => {
        const figures = all.reduce(withSampled, newSample(all.length))
        const judged = all.flatMap((one) => (one.kind === 'judged' ? [one.judgement] : []))
        expect(figures.n).toBe(judged.length)
        expect(figures.n + figures.moved + figures.unanswered).toBe(all.length)
        for (const list of ['newest', 'raw'] as const) {
          expect(Object.values(figures[list]).reduce((sum, count) => sum + count, 0)).toBe(figures.n)
          expect(figures[list].equal).toBe(judged.filter((judgement) => judgement[list].verdict === 'equal').length)
        }
        expect(all.toReversed().reduce(withSampled, newSample(all.length))).toEqual(figures)
        const share = shareOf(agreementOf(figures))
        if (figures.n === 0) expect(share).toBeNull()
        else expect(share).toBe(Math.max(figures.newest.equal, figures.raw.equal) / figures.n)
      }),
    )
  })

  it('tell which list is like Defender, where one is', () => {
    expect(listsLikeOf({ n: 9, newest: 8, raw: 7 })).toBe('newest')
    expect(listsLikeOf({ n: 9, newest: 0, raw: 7 })).toBe('raw')
    expect(listsLikeOf({ n: 9, newest: 7, raw: 7 })).toBeNull()
  })

  it('by KB count every machine once for each list that speaks of it, and name those in dispute', () => {
    fc.assert(
      fc.property(fc.array(cases), (all) => {
        const kbs = new Map<string, KbFigures>()
        for (const { truth, raw, reduced } of all) countKbs(kbs, judgeSample(truth, raw, reduced))
        for (const { kbId, rawAgreed, rawMore, rawLess } of kbs.values()) {
          expect(rawAgreed + rawMore + rawLess).toBe(all.filter(({ truth, raw }) => truth.includes(kbId) || raw.includes(kbId)).length)
        }
        const disputed = disputedKbs(kbs.values(), 2)
        expect(disputed.length).toBeLessThanOrEqual(2)
        const isAgreedOn = all.every(
          ({ truth, raw, reduced }) =>
            disputedMachine({ machineId: 'a', computerDnsName: null }, judgeSample(truth, raw, reduced), 9) === undefined,
        )
        expect(disputed.length === 0).toBe(isAgreedOn)
      }),
    )
  })
})

/** Goes on with a turn until so many machines are drawn, or it is through. */
function draw(ids: readonly string[], start: Turn, most: number): { drawn: string[]; turn: Turn } {
  const drawn: string[] = []
  let turn = start
  for (const { after, through } of stretchesLeft(turn)) {
    for (const id of ids.filter((one) => (after === null || one > after) && (through === null || one <= through))) {
      if (drawn.length >= most) return { drawn, turn }
      drawn.push(id)
      turn = passed(turn, id)
    }
    if (through === null) turn = wrapped(turn)
  }
  return { drawn, turn }
}

const idAt = (index: number) => String(index).padStart(6, '0')

describe('whose turn it is', () => {
  it('comes to every machine once from wherever it begins, though it is taken up at any point', () => {
    const fleet = fc.uniqueArray(fc.nat(200), { maxLength: 40 }).map((some) => some.map(idAt).sort())
    fc.assert(
      fc.property(fleet, fc.option(fc.nat(200).map(idAt)), fc.integer({ min: 1, max: 7 }), (ids, after, atOnce) => {
        const drawn: string[] = []
        let turn = turnFrom(after)
        for (let part = draw(ids, turn, atOnce); part.drawn.length > 0; part = draw(ids, turn, atOnce)) {
          drawn.push(...part.drawn)
          turn = part.turn
        }
        expect(drawn.toSorted()).toEqual(ids)
        expect(drawn[0]).toBe(ids.find((id) => after === null || id > after) ?? ids[0])
      }),
    )
  })

  it('comes to every machine within 30 days, whatever the fleet and the schedule, though machines come and go', () => {
    const fleets = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 61, max: 5_000 }))
    fc.assert(
      fc.property(fleets, fc.constantFrom(1, 6, 24, 168), fc.nat(5_000), (machines, hours, firstAfter) => {
        const ids = Array.from({ length: machines }, (_, index) => idAt(2 * index))
        const seen = new Set<string>()
        let after: string | null = idAt(firstAfter)
        // A weekly one comes to its fifth time on the 35th day.
        for (let passedHours = hours; passedHours < 30 * 24 + hours; passedHours += hours) {
          const due = sampleDue({ share: 0.034, machines, hours })
          // One machine joins, and leaves again, each time.
          const present = [...ids, idAt(2 * (passedHours % Math.max(1, machines)) + 1)].sort()
          const { drawn, turn } = draw(present, turnFrom(after), due)
          for (const id of drawn) seen.add(id)
          after = turn.after
        }
        const unseen = ids.filter((id) => !seen.has(id)).length
        // The one that joins takes the place of another now and then.
        expect(unseen).toBeLessThanOrEqual(machines <= 50 ? 0 : Math.ceil((30 * 24) / hours))
      }),
      { numRuns: 60 },
    )
  })

  it('is that of at least 50 a day, of all where there are no more, and of none where the share is 0', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.double({ min: 0.001, max: 1, noNaN: true }), (machines, share) => {
        const due = sampleDue({ share, machines, hours: 24 })
        expect(due).toBeGreaterThanOrEqual(Math.min(machines, 50))
        expect(due).toBeGreaterThanOrEqual(Math.floor(share * machines))
        expect(due).toBeLessThanOrEqual(machines)
        const parts = [6, 6, 6, 6].map((hours) => sampleDue({ share, machines, hours })).reduce((sum, part) => sum + part, 0)
        expect(parts).toBeGreaterThanOrEqual(due)
        if (machines > 50) expect(parts).toBeLessThanOrEqual(Math.max(due, share * machines, 50) + 4)
        expect(sampleDue({ share: 0, machines, hours: 24 })).toBe(0)
      }),
    )
    expect(sampleDue({ share: 0.034, machines: 100_000, hours: 24 })).toBe(3_400)
    expect(sampleDue({ share: 0.034, machines: 100_000, hours: 6 })).toBe(850)
  })

  it('counts the hours from the export before, a day where there is none', () => {
    expect(hoursBetween('2026-03-01T18:00:00Z', '2026-03-02T00:00:00Z')).toBe(6)
    expect(hoursBetween(null, '2026-03-02T00:00:00Z')).toBe(24)
    expect(hoursBetween('2026-03-05T00:00:00Z', '2026-03-02T00:00:00Z')).toBe(24)
  })
})
