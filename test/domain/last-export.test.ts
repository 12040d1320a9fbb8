import { describe, expect, it } from 'vitest'
import { endedFigures, endStatus, pendingSnapshot, restoredTenant } from '../../src/domain/index.ts'

const NOW = Date.parse('2026-06-14T12:00:00Z')
const MADE = ['2026-06-11T23:40:00.000Z', '2026-06-12T23:40:00.000Z', '2026-06-13T23:40:00.000Z'] as const

const ended = (snapshotId: string, sourceTime: string, status: 'completed' | 'incomplete' | 'failed') => ({
  ...pendingSnapshot(snapshotId, 'schedule', 'export'),
  ...({ status, sourceTime, phase: 'ended', finishedAt: '2026-06-12T02:20:00Z' } as const),
})

describe('what a tenant keeps of the export that was read last', () => {
  it('is its time, unless the snapshot failed', () => {
    expect(endedFigures(ended('20260612T020000Z', MADE[0], 'incomplete'))).toMatchObject({ lastExportAt: MADE[0] })
    expect(endedFigures(ended('20260612T020000Z', MADE[0], 'failed'))).not.toHaveProperty('lastExportAt')
    expect(endedFigures({ ...ended('20260612T020000Z', MADE[0], 'completed'), sourceTime: null })).not.toHaveProperty('lastExportAt')
  })

  it('comes back from the snapshots where its row was deleted', () => {
    const snapshots = [
      ended('20260612T020000Z', MADE[0], 'completed'),
      ended('20260613T020000Z', MADE[1], 'incomplete'),
      ended('20260614T020000Z', MADE[2], 'failed'),
    ]
    expect(restoredTenant(snapshots, NOW).lastExportAt).toBe(MADE[1])
    const running = { ...pendingSnapshot('20260614T080000Z', 'manual', 'export'), status: 'running', sourceTime: MADE[2] } as const
    expect(restoredTenant([...snapshots, running], NOW)).toMatchObject({ lastExportAt: MADE[1], activeSource: 'export' })
  })
})

describe('the end of a snapshot', () => {
  it('is incomplete where what its source said is doubted', () => {
    const observed = { status: 'running', listed: 3, unknown: 0, listingComplete: true, errorCode: null } as const
    expect(endStatus(observed)).toBe('completed')
    expect(endStatus({ ...observed, errorCode: 'exportFell' })).toBe('incomplete')
  })
})
