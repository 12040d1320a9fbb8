import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSnapshotId, snapshotStartMs } from '../../src/domain/index.ts'
import { isLater, parseMoment } from '../../src/history/moment.ts'

describe('a moment', () => {
  it.each([
    ['2026-06-12', '20260612T235959Z'],
    ['9999-12-31', '99991231T235959Z'],
    ['2026-06-12T02:00:00Z', '20260612T020000Z'],
    ['2026-06-12t02:00z', '20260612T020000Z'],
    ['2026-06-12T02:00:00.999999Z', '20260612T020000Z'],
    ['2026-06-12T00:30:00+01:00', '20260611T233000Z'],
    ['2024-02-29', '20240229T235959Z'],
  ])('%s is at or before %s', (text, snapshotId) => {
    expect(parseMoment(text)).toEqual({ kind: 'atOrBefore', snapshotId, text })
  })

  it('is read as it was meant when the + of its offset became a space', () => {
    expect(parseMoment('2026-06-12T00:30:00 01:00')).toEqual(parseMoment('2026-06-12T00:30:00+01:00'))
    for (const text of ['2026-06-12T00:30 1:00', '2026-06-12T00:30  01:00', '2026-06-12 01:00', ' 01:00'])
      expect(parseMoment(text)).toBeUndefined()
  })

  it.each([
    ['2026-06-12T03:00:00Z', '2026-06-12T02:00:00Z', true],
    ['2026-06-12T03:00:00+02:00', '2026-06-12T02:00:00Z', false],
    ['2026-06-12T02:00:00Z', '20260612T020000Z', false],
    ['20260612T020001Z', '2026-06-12T02:00:00Z', true],
    ['20260612T020000Z', '2026-06-12', false],
    ['2026-06-12', '20260612T020000Z', false],
    ['2026-06-12', '2026-06-12', false],
    ['2026-06-13', '2026-06-12', true],
    ['2026-06-13', '2026-06-12T23:59:59Z', true],
    ['2026-06-13T00:00:00Z', '2026-06-12', true],
    ['9999-12-31', 'latest', false],
    ['latest', '1970-01-01', false],
    ['previous', '1970-01-01', false],
  ])('%s against %s: later is %s', (moment, other, expected) => {
    const [one, two] = [parseMoment(moment), parseMoment(other)]
    if (!one || !two) throw new Error('no moments')
    expect(isLater(one, two)).toBe(expected)
  })

  it.each([
    '',
    'now',
    'latest.',
    ' latest',
    '2026-6-1',
    '2026-02-30',
    '2026-02-30T00:00:00Z',
    '2025-02-29',
    '2026-06-12T02:00:00',
    '2026-06-12 02:00:00Z',
    '2026-06-12T25:00:00Z',
    '2026-06-12T02:00:00+1:00',
    '9999-12-31T23:59:59-14:00',
    '20260612',
    '20260230T000000Z',
    '12026-06-12',
    '2026-06-12T02:00:00Zx',
    '2026-W24',
  ])('%j is none', (text) => {
    expect(parseMoment(text)).toBeUndefined()
  })

  it('that is an instant means the newest id that is not later', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), (date) => {
        const moment = parseMoment(date.toISOString())
        if (moment?.kind !== 'atOrBefore') throw new Error('no instant')
        const late = date.getTime() - snapshotStartMs(moment.snapshotId)
        expect(late).toBeGreaterThanOrEqual(0)
        expect(late).toBeLessThan(1000)
      }),
    )
  })

  it('is read from any text without failing, and never means an id that does not exist', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2})?$/)), (text) => {
        const moment = parseMoment(text)
        if (moment !== undefined && 'snapshotId' in moment) expect(isSnapshotId(moment.snapshotId)).toBe(true)
      }),
    )
  })
})
