import { describe, expect, it } from 'vitest'
import { wasObservedBy } from '../../src/domain/index.ts'
import { interval } from '../support/store-rows.ts'

const [MAY, JUNE, JULY] = ['20260501T020000Z', '20260601T020000Z', '20260701T020000Z'] as const

describe('whether a machine had been observed by a snapshot', () => {
  it.each([
    ['never observed', null, [], false],
    ['last observed in it', JUNE, [], true],
    ['last observed before it', MAY, [], true],
    ['missing something by then', JULY, [interval('1', { appearedSnapshotId: MAY })], true],
    ['first observed in it', JULY, [interval('1', { appearedSnapshotId: JUNE, appearedReason: 'machineAdded' })], true],
    [
      'first observed later, as an added machine',
      JULY,
      [interval('1', { appearedSnapshotId: JULY, appearedReason: 'machineAdded' })],
      false,
    ],
    [
      'first observed later, as one of the baseline',
      JULY,
      [interval('1', { appearedSnapshotId: JULY, appearedReason: 'baseline' })],
      false,
    ],
    ['missing nothing at first, since nobody knows when', JULY, [interval('1', { appearedSnapshotId: JULY, appearedReason: 'new' })], null],
    ['observed since and never missing anything', JULY, [], null],
  ])('%s', (_case, lastObservedSnapshotId, intervals, expected) => {
    expect(wasObservedBy({ lastObservedSnapshotId }, intervals, JUNE)).toBe(expected)
  })
})
