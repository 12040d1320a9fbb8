import { describe, expect, it } from 'vitest'
import { pendingSnapshot, type Snapshot } from '../../src/domain/index.ts'
import { LearnedDensity } from '../../src/feed/read/density.ts'
import { FEED_POLICY } from '../../src/feed/read/policy.ts'
import { comparePlaces } from '../../src/feed/read/section.ts'
import { changes } from '../../src/feed/sets/changes.ts'
import type { View } from '../../src/feed/sets/index.ts'
import { bucketOf, BUCKETS, type TenantStore } from '../../src/store/index.ts'

const AS_OF = '20260630T020000Z'

async function spansOf(rows: Record<string, number>) {
  const snapshots = Object.entries(rows).map(([snapshotId, appeared]): Snapshot => ({
    ...pendingSnapshot(snapshotId, 'schedule'),
    status: 'completed',
    appeared,
  }))
  const store = {
    snapshots: {
      range: async function* () {
        yield* snapshots
      },
    },
  } as unknown as TenantStore
  const view: View = { store, tenantId: 't', asOfSnapshotId: AS_OF, asOfSnapshot: undefined }
  return [...(await changes.sections(view, { filter: undefined, from: undefined, density: new LearnedDensity(1) }))].map(({ span }) => span)
}

describe('the sections of Changes', () => {
  it('join snapshots of few changes, within a month', async () => {
    const spans = await spansOf({
      '20260530T020000Z': 10,
      '20260531T020000Z': 20,
      '20260601T020000Z': 30,
      '20260602T020000Z': 800,
      '20260603T020000Z': 700,
      '20260604T020000Z': 1,
    })
    expect(spans.map(({ from, to }) => [from.partition, to.partition])).toEqual([
      ['20260530T020000Z|0', '20260531T020000Z|f '],
      ['20260601T020000Z|0', '20260602T020000Z|f '],
      ['20260603T020000Z|0', '20260604T020000Z|f '],
    ])
  })

  it.each([2, 16, 33, 1_000])(
    'cut a snapshot of many into %i parts that hold every machine once, whatever its id looks like',
    async (parts) => {
      const snapshotId = '20260601T020000Z'
      const spans = await spansOf({ [snapshotId]: parts * FEED_POLICY.sectionRows })
      expect(Math.abs(spans.length - parts)).toBeLessThanOrEqual(1 + parts / 50)
      const ids = [
        ...BUCKETS.flatMap((digit) => [`${digit}`, `${digit}000`, `${digit}7ff`, `${digit}fff`, digit.toUpperCase()]),
        'A0FF',
        'x-1',
        'ffff',
        '~',
      ]
      for (const id of ids) {
        const place = { partition: `${snapshotId}|${bucketOf(id)}`, row: `${id}|1` }
        expect(spans.filter(({ from, to }) => comparePlaces(place, from) >= 0 && comparePlaces(place, to) < 0).length, id).toBe(1)
      }
    },
  )
})
