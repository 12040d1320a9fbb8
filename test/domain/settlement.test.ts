import { describe, expect, it } from 'vitest'
import { readSettlement } from '../../src/domain/index.ts'

const KEPT = {
  snapshotId: '20260612T020000Z',
  outcome: 'observed',
  observedAt: '2026-06-12T02:00:03Z',
  kbs: [{ kbId: '1', kbName: null, productsNames: ['windows_11'], url: null, cveAddressed: 3 }],
  dropped: 1,
  evidence: { startedAt: '2026-06-12T02:00:00Z', firstObservation: false, baseline: true, lastSeen: null, observedLastSeen: null },
  lastObservedSnapshotId: '20260605T020000Z',
}

describe('a settlement that was kept while its rows were written', () => {
  it('comes back as it was', () => {
    expect(readSettlement(JSON.stringify(KEPT))).toEqual(KEPT)
  })

  it('is read as an older version wrote it', () => {
    const { dropped: _, ...older } = KEPT
    const kbs = [{ ...KEPT.kbs[0], machineMissedOn: 4, osBuild: '22631' }]
    expect(readSettlement(JSON.stringify({ ...older, kbs, lastObservedSnapshotId: '' }))).toEqual({
      ...KEPT,
      dropped: 0,
      lastObservedSnapshotId: null,
    })
  })

  it.each([
    ['no JSON', '{"snapshotId":'],
    ['another outcome', JSON.stringify({ ...KEPT, outcome: 'lost' })],
    ['KBs that are none', JSON.stringify({ ...KEPT, kbs: [{ kbId: 7 }] })],
    ['no evidence', JSON.stringify({ ...KEPT, evidence: {} })],
  ])('is refused where it is %s: nothing is resolved on a guess', (_, json) => {
    expect(() => readSettlement(json)).toThrow()
  })
})
