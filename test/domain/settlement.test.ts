import { describe, expect, it } from 'vitest'
import { readSettlement } from '../../src/domain/index.ts'

const NOT_KNOWN = { osPlatform: null, version: null }
const SYSTEMS = { system: { osPlatform: 'Windows11', version: '24H2' }, observedSystem: NOT_KNOWN }

const KEPT = {
  snapshotId: '20260612T020000Z',
  outcome: 'observed',
  source: 'export',
  observedAt: '2026-06-12T02:00:03Z',
  reportedAt: '2026-06-11T22:00:00Z',
  osVersion: '10.0.26100.7171',
  kbs: [{ kbId: '1', kbName: null, productsNames: ['windows_11'], url: null, cveAddressed: 3, contains: ['0'] }],
  dropped: 1,
  evidence: {
    startedAt: '2026-06-12T02:00:00Z',
    firstObservation: false,
    baseline: true,
    rebased: true,
    lastSeen: null,
    observedLastSeen: null,
    ...SYSTEMS,
  },
  products: { '2': ['windows_11'] },
  lastObservedSnapshotId: '20260605T020000Z',
}

describe('a settlement that was kept while its rows were written', () => {
  it('comes back as it was', () => {
    expect(readSettlement(JSON.stringify(KEPT))).toEqual(KEPT)
  })

  it('is read as an older version wrote it', () => {
    const { dropped: _, products: __, source: ___, reportedAt: ____, osVersion: _____, ...older } = KEPT
    const { system: ______, observedSystem: _______, rebased: ________, ...evidence } = KEPT.evidence
    const kbs = [{ ...KEPT.kbs[0], machineMissedOn: 4, osBuild: '22631' }]
    expect(readSettlement(JSON.stringify({ ...older, kbs, evidence, lastObservedSnapshotId: '' }))).toEqual({
      ...KEPT,
      ...{ source: 'perMachine', reportedAt: null, osVersion: null },
      dropped: 0,
      products: {},
      evidence: { ...evidence, rebased: false, system: NOT_KNOWN, observedSystem: NOT_KNOWN },
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
