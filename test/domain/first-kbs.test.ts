import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, exposureOf, firstKbs, type Interval, isSameKb, rewind, withExposures, applyTransition } from '../../src/domain/index.ts'
import { type Day, play, played, playedDays, settledOn } from '../support/played-machine.ts'

/** `c 4: a b`: KB, opened on, and the KBs that its exposure began with. */
const told = (intervals: readonly Interval[]) =>
  intervals.map((interval) => `${interval.kbId} ${Number(interval.appearedSnapshotId.slice(6, 8))}: ${firstKbs(interval).join(' ')}`).sort()

const W = 'windows_11'
const NONE: Day = { kbs: {} }
const withoutFirst = (interval: Interval): Interval => ({ ...interval, exposedWith: [] })

describe('the first KB of an exposure', () => {
  it.each<[string, Day[], string[]]>([
    ['is its own', [NONE, { kbs: { a: W, b: 'office' } }], ['a 2: a', 'b 2: b']],
    ['stays through a chain of months', [NONE, { kbs: { a: W } }, { kbs: { b: W } }, { kbs: { c: W } }], ['a 2: a', 'b 3: a', 'c 4: a']],
    [
      'of two superseded by one is that of the earlier one',
      [NONE, { kbs: { a: W } }, { kbs: { a: W, b: W } }, { kbs: { c: W } }],
      ['a 2: a', 'b 3: b', 'c 4: a'],
    ],
    [
      'is each of those that began at once',
      [{ kbs: { a: W, b: W, x: 'office' } }, { kbs: { c: W } }],
      ['a 1: a', 'b 1: b', 'c 2: a b', 'x 1: x'],
    ],
    ['does not pass on through others', [NONE, { kbs: { a: 'office' } }, { kbs: { b: 'office' } }], ['a 2: a', 'b 3: b']],
    ['is another one after an installation', [NONE, { kbs: { a: W } }, NONE, { kbs: { b: W } }], ['a 2: a', 'b 4: b']],
    [
      'is handed on by a machine that was silent',
      [NONE, { kbs: { a: W } }, { kbs: {}, silent: true }, { kbs: { b: W } }],
      ['a 2: a', 'b 4: a'],
    ],
    [
      'and by what was handed on before',
      [NONE, { kbs: { a: W } }, { kbs: { b: W } }, { kbs: {}, silent: true }, { kbs: { b: W } }, { kbs: { c: W } }],
      ['a 2: a', 'b 3: a', 'b 5: a', 'c 6: a'],
    ],
  ])('%s', (_, days, expected) => {
    expect(told(play(days))).toEqual(expected)
  })

  it('opened when the exposure began, and began itself', () => {
    fc.assert(
      fc.property(played, (intervals) => {
        for (const interval of intervals) {
          const { exposedSince } = exposureOf(interval)
          const opened = intervals.filter(({ appearedSnapshotId }) => appearedSnapshotId === exposedSince)
          for (const kbId of firstKbs(interval)) expect(opened.some((first) => isSameKb(first.kbId, kbId))).toBe(true)
          if (exposedSince === interval.appearedSnapshotId) expect(interval.exposedWith).toEqual([])
        }
      }),
    )
  })

  it('does not depend on the order of intervals, and is the same after a kill', () => {
    fc.assert(
      fc.property(playedDays, fc.array(fc.nat(), { minLength: 1 }), (days, keys) => {
        const shuffled = (all: readonly Interval[]) =>
          all
            .map((one, index) => ({ one, key: keys[index % keys.length] ?? 0 }))
            .sort((x, y) => x.key - y.key)
            .map(({ one }) => one)
        const before = play(days.slice(0, -1))
        const settled = settledOn(days)
        const after = applyTransition(before, compare(before, settled))
        expect(told(applyTransition(before, compare(shuffled(before), settled)))).toEqual(told(after))
        const rewound = rewind(after, settled.snapshotId)
        expect(told(applyTransition(rewound, compare(rewound, settled)))).toEqual(told(after))
      }),
    )
  })

  it('is derived where an older version kept the beginning alone, all of them or some', () => {
    fc.assert(
      fc.property(played, fc.array(fc.boolean(), { minLength: 1 }), (intervals, forgets) => {
        const older = intervals.map((interval, index) => (forgets[index % forgets.length] ? withoutFirst(interval) : interval))
        expect(withExposures(older)).toEqual(intervals)
      }),
    )
  })

  it('is the own KB where nothing tells of another', () => {
    const [, last] = play([NONE, { kbs: { a: W } }, { kbs: { b: W } }])
    expect(last?.exposedWith).toEqual(['a'])
    const [alone] = withExposures(last ? [withoutFirst(last)] : [])
    expect(alone).toMatchObject({ kbId: 'b', exposedSince: last?.exposedSince, exposedWith: ['b'] })
  })
})
