import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSnapshotId, nextSnapshotId, snapshotIdAfter, snapshotIdOf, snapshotStartAt, snapshotStartMs } from '../../src/domain/index.ts'

const instants = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((date) => date.getTime())

describe('a snapshot id', () => {
  it('tells its start to the second', () => {
    expect(snapshotIdOf(Date.parse('2026-06-12T02:00:00.999Z'))).toBe('20260612T020000Z')
    expect(snapshotStartAt('20260612T020000Z')).toBe('2026-06-12T02:00:00Z')
    fc.assert(
      fc.property(instants, (start) => {
        expect(snapshotStartMs(snapshotIdOf(start))).toBe(Math.floor(start / 1000) * 1000)
        expect(isSnapshotId(snapshotIdOf(start))).toBe(true)
      }),
    )
  })

  it('sorts by time', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 10 ** 9 }), (start, seconds) => {
        expect(snapshotIdOf(start) < snapshotIdAfter(snapshotIdOf(start), seconds)).toBe(true)
      }),
    )
  })

  it.each([
    '',
    'latest',
    '20260612',
    '20260631T020000Z',
    '20261301T020000Z',
    '20260612T240000Z',
    '20260612T026000Z',
    '20260612t020000z',
    ' 20260612T020000Z',
    '20260612T020000Z\n',
  ])('is not %j', (text) => {
    expect(isSnapshotId(text)).toBe(false)
  })

  it('is refused or told back, whatever the text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{8}T\d{6}Z$/), (text) => {
        if (isSnapshotId(text)) expect(snapshotIdOf(snapshotStartMs(text))).toBe(text)
      }),
    )
  })

  it('is later than the last one, even under a clock that goes back', () => {
    fc.assert(
      fc.property(instants, instants, (now, last) => {
        const id = nextSnapshotId(now, snapshotIdOf(last))
        expect(id > snapshotIdOf(last)).toBe(true)
        expect(isSnapshotId(id)).toBe(true)
        if (snapshotIdOf(now) > snapshotIdOf(last)) expect(id).toBe(snapshotIdOf(now))
      }),
    )
  })

  it('is the time of the clock where there is no last one', () => {
    expect(nextSnapshotId(Date.UTC(2026, 5, 12, 2), null)).toBe('20260612T020000Z')
  })
})
