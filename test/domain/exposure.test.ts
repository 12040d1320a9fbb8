import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exposureOf, type Interval, isOpen, withExposures } from '../../src/domain/index.ts'
import { type Day, play, played } from '../support/played-machine.ts'

/** `a 3- 5 superseded true`: KB, since which day exposed ("-" for at least), opened on, closed as, still exposed. */
const told = (intervals: readonly Interval[]) =>
  intervals
    .map((interval) => {
      const { exposedSince, exposedAtLeast } = exposureOf(interval)
      const since = `${Number(exposedSince.slice(6, 8))}${exposedAtLeast ? '-' : ''}`
      const end = isOpen(interval) ? 'open' : `${interval.resolvedReason} ${interval.stillExposed}`
      return `${interval.kbId} ${since} ${Number(interval.appearedSnapshotId.slice(6, 8))} ${end}`
    })
    .sort()

const W = 'windows_11'
const NONE: Day = { kbs: {} }

describe('an exposure', () => {
  it.each<[string, Day[], string[]]>([
    [
      'begins where the first KB of a chain opened',
      [NONE, { kbs: { a: W } }, { kbs: { b: W } }, { kbs: { c: W } }, NONE],
      ['a 2 2 superseded true', 'b 2 3 superseded true', 'c 2 4 installed false'],
    ],
    ['is "at least" where that is the baseline', [{ kbs: { a: W } }, { kbs: { b: W } }], ['a 1- 1 superseded true', 'b 1- 2 open']],
    [
      'of two superseded by one is the earlier one',
      [NONE, { kbs: { a: W } }, { kbs: { a: W, b: W } }, { kbs: { c: W } }],
      ['a 2 2 superseded true', 'b 3 3 superseded true', 'c 2 4 open'],
    ],
    [
      'of one superseded by two goes on in both',
      [NONE, { kbs: { a: W } }, { kbs: { b: W, c: W } }],
      ['a 2 2 superseded true', 'b 2 3 open', 'c 2 3 open'],
    ],
    [
      'passes on through cumulative products alone',
      [NONE, { kbs: { a: 'office' } }, { kbs: { b: 'office' } }],
      ['a 2 2 superseded null', 'b 3 3 open'],
    ],
    [
      'and where one of several products is',
      [NONE, { kbs: { a: `office ${W}` } }, { kbs: { b: `edge ${W}` } }],
      ['a 2 2 superseded true', 'b 2 3 open'],
    ],
    [
      'begins anew after an installation',
      [NONE, { kbs: { a: W } }, NONE, { kbs: { a: W } }, { kbs: { b: W } }],
      ['a 2 2 installed false', 'a 4 4 superseded true', 'b 4 5 open'],
    ],
    [
      'begins anew after an upgrade',
      [NONE, { kbs: { a: W } }, { kbs: {}, upgraded: true }, { kbs: { b: W } }],
      ['a 2 2 upgraded false', 'b 4 4 open'],
    ],
    [
      'is handed on by a machine that was silent',
      [NONE, { kbs: { a: W } }, { kbs: {}, silent: true }, { kbs: { b: W } }],
      ['a 2 2 silent null', 'b 2- 4 open'],
    ],
    [
      'is handed on to the same KB of whatever product',
      [NONE, { kbs: { a: 'office' } }, { kbs: {}, silent: true }, { kbs: { a: 'office' } }],
      ['a 2 2 silent null', 'a 2- 4 open'],
    ],
    [
      'is handed on by a machine that was removed',
      [NONE, { kbs: { a: W } }, { kbs: {}, outcome: 'removed' }, { kbs: { b: W } }],
      ['a 2 2 removed null', 'b 2- 4 open'],
    ],
    [
      'is handed on by a machine that was excluded',
      [NONE, { kbs: { a: W } }, { kbs: {}, outcome: 'excluded' }, { kbs: { b: W } }],
      ['a 2 2 excluded null', 'b 2- 4 open'],
    ],
    [
      'is handed on by a flap',
      [NONE, { kbs: { a: W } }, { kbs: {}, reported: false }, { kbs: { a: W } }],
      ['a 2 2 reassessed null', 'a 2- 4 open'],
    ],
    [
      'is handed on to the first observation alone that opens anything',
      [NONE, { kbs: { a: W } }, { kbs: {}, silent: true }, { kbs: { x: 'office' } }, { kbs: { x: 'office', b: W } }],
      ['a 2 2 silent null', 'b 5 5 open', 'x 4 4 open'],
    ],
    [
      'is handed on past observations that open nothing',
      [NONE, { kbs: { a: W } }, { kbs: {}, silent: true }, NONE, { kbs: { b: W } }],
      ['a 2 2 silent null', 'b 2- 5 open'],
    ],
    [
      'and not to what opens as it closes',
      [NONE, { kbs: { a: W } }, { kbs: { b: W }, silent: true }, { kbs: { b: W, c: W } }],
      ['a 2 2 silent null', 'b 3 3 open', 'c 2- 4 open'],
    ],
    [
      'is handed on at once to what another source lists in its place',
      [NONE, { kbs: { a: W } }, { kbs: { b: W, x: 'office' }, rebased: true }, { kbs: { c: W, b: W, x: 'office' } }],
      ['a 2 2 rebased null', 'b 2- 3 open', 'c 4 4 open', 'x 3- 3 open'],
    ],
    [
      'and later where the other source lists nothing yet',
      [NONE, { kbs: { a: W } }, { kbs: {}, rebased: true }, NONE, { kbs: { b: W } }],
      ['a 2 2 rebased null', 'b 2- 5 open'],
    ],
    ['of what both sources list goes on', [NONE, { kbs: { a: W } }, { kbs: { a: W }, rebased: true }, NONE], ['a 2 2 installed false']],
    [
      'of equally early ones "at least" wins, whichever comes first',
      [NONE, { kbs: { a: W, b: W } }, { kbs: { b: W }, reported: false }, { kbs: { c: W } }],
      ['a 2 2 reassessed null', 'b 2 2 superseded true', 'c 2- 4 open'],
    ],
    [
      'and the other way round',
      [NONE, { kbs: { a: W, b: W } }, { kbs: { a: W }, reported: false }, { kbs: { c: W } }],
      ['a 2 2 superseded true', 'b 2 2 reassessed null', 'c 2- 4 open'],
    ],
  ])('%s', (_, days, expected) => {
    expect(told(play(days))).toEqual(expected)
  })

  it('never begins after its interval, and is never without one that it begins with', () => {
    fc.assert(
      fc.property(played, (intervals) => {
        for (const interval of intervals) {
          const { exposedSince } = exposureOf(interval)
          expect(exposedSince <= interval.appearedSnapshotId).toBe(true)
          expect(intervals.some(({ appearedSnapshotId }) => appearedSnapshotId === exposedSince)).toBe(true)
        }
      }),
    )
  })

  it('is derived for rows of an older version as if it had been kept, all of them or some', () => {
    fc.assert(
      fc.property(played, fc.array(fc.boolean(), { minLength: 1 }), (intervals, forgets) => {
        const older = intervals.map((interval, index) =>
          forgets[index % forgets.length]
            ? { ...interval, exposedSince: null, exposedAtLeast: false, exposedWith: [], stillExposed: null }
            : interval,
        )
        expect(withExposures(older)).toEqual(intervals)
      }),
    )
  })
})
