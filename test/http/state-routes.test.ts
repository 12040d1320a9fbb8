import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Azurite, startAzurite } from '../../dev/azurite.ts'
import { snapshotStartAt } from '../../src/domain/index.ts'
import { openTenant } from '../../src/open-tenant.ts'
import { changeKey } from '../../src/store/index.ts'
import type { Api } from '../support/api.ts'
import { attributesOf, type History, playHistory } from '../support/history-model.ts'
import { apiOver, FOURTH, MACHINES, SECOND, THIRD, WEEKS } from './weeks.ts'

let azurite: Azurite
let prefixes = 0

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.close())

/** An API over a store of its own that holds a history. */
const apiWith = (history: History) => apiOver(azurite.connectionString, `s${(prefixes += 1)}x`, history)

describe('the state of machines and KBs', () => {
  let api: Api

  beforeAll(async () => {
    ;({ api } = await apiWith(WEEKS))
  })

  it('lists machines in pages', async () => {
    const { json } = await api.call('/api/machines?limit=2')
    expect(json['machines']).toMatchObject([
      {
        machineId: '0a',
        computerDnsName: 'srv-0a',
        missing: 1,
        oldestMissingAt: '2026-06-13T02:00:00Z',
        lastObservedSnapshotId: FOURTH,
        state: 'observed',
      },
      { machineId: '7f00' },
    ])
    expect((await api.call(String(json['nextLink']))).json).toMatchObject({ machines: [{ machineId: 'f9' }] })
  })

  it('tells what a machine missed at every snapshot', async () => {
    for (const machineId of MACHINES) {
      for (const [index, snapshotId] of WEEKS.snapshotIds.entries()) {
        const { json } = await api.call(`/api/machines/${machineId}/missing-kbs?at=${index === 3 ? 'latest' : snapshotStartAt(snapshotId)}`)
        expect(json).toMatchObject({ machineId, at: { snapshotId } })
        const keys = (json['missingKbs'] as { kbId: string }[]).map(({ kbId }) => changeKey({ machineId, kbId }))
        expect(new Set(keys)).toEqual(new Set([...(WEEKS.states.get(snapshotId) ?? [])].filter((key) => key.startsWith(`${machineId}|`))))
      }
    }
    const { json } = await api.call('/api/machines/0A/missing-kbs')
    expect(json['missingKbs']).toMatchObject([{ kbId: 'KB 1/2', firstMissingAt: '2026-06-13T02:00:00Z', daysMissing: 7 }])
  })

  it('tells the story of a machine, newest first', async () => {
    const { json } = await api.call('/api/machines/0a/history')
    expect(json['intervals']).toMatchObject([
      { kbId: 'KB 1/2', state: 'open', firstMissingAt: '2026-06-13T02:00:00Z', daysMissing: 7, appearedReason: 'reopened' },
      {
        kbId: '=1+1',
        state: 'closed',
        resolvedReason: 'superseded',
        resolvedAt: '2026-06-20T02:00:00Z',
        lastMissingAt: '2026-06-13T02:00:00Z',
        daysMissing: 14,
      },
      { kbId: '5094127', state: 'closed' },
      { kbId: 'KB 1/2', state: 'closed', resolvedReason: 'superseded', replacedBy: ['5094127', '5095051'] },
    ])
  })

  it('describes the KBs of a machine as kbs does, whatever its intervals were opened with', async () => {
    const { api: own, services } = await apiWith(WEEKS)
    const latest = { kbName: 'Renamed', productsNames: ['windows_11'], url: 'https://catalog.example/new', cveAddressed: 12 }
    await openTenant(services).store.kbs.write([
      { kbId: 'KB 1/2', ...latest },
      { kbId: '5094127', kbName: null, productsNames: [], url: null, cveAddressed: null },
    ])
    expect((await own.call('/api/kbs')).json['kbs']).toMatchObject([{ kbId: '5094127' }, { kbId: '=1+1' }, { kbId: 'KB 1/2', ...latest }])
    expect((await own.call('/api/machines/0a/missing-kbs')).json['missingKbs']).toMatchObject([{ kbId: 'KB 1/2', ...latest }])
    expect((await own.call('/api/machines/7f00/missing-kbs')).json['missingKbs']).toMatchObject([attributesOf('5094127')])
    expect((await own.call('/api/machines/0a/history')).json['intervals']).toMatchObject([
      { kbId: 'KB 1/2', ...latest },
      attributesOf('=1+1'),
      attributesOf('5094127'),
      { kbId: 'KB 1/2', ...latest },
    ])
  })

  it('tells a machine that missed nothing from one that was not observed yet', async () => {
    const { api: own } = await apiWith(
      playHistory(
        ['0a', '7f00'],
        [
          [['1'], undefined],
          [[], undefined],
          [[], ['1']],
        ],
      ),
    )
    const at = async (machineId: string, snapshotId: string) =>
      (await own.call(`/api/machines/${machineId}/missing-kbs?at=${snapshotId}`)).json
    expect(await at('0a', SECOND)).toMatchObject({ observedByThen: true, missingKbs: [], lastObservedSnapshotId: THIRD, state: 'observed' })
    expect(await at('7f00', THIRD)).toMatchObject({ observedByThen: true, missingKbs: [{ kbId: '1' }] })
    // The history is made without the reasons of first observations: an added machine is the one thing that would tell.
    expect(await at('7f00', SECOND)).toMatchObject({
      observedByThen: null,
      missingKbs: [],
      lastObservedSnapshotId: THIRD,
      state: 'observed',
    })
  })

  it('lists KBs, and the machines that miss one now', async () => {
    const { json } = await api.call('/api/kbs')
    expect(json['kbs']).toMatchObject([
      { kbId: '5094127', machinesMissing: 2, firstSeenAt: '2026-05-30T02:00:00Z', lastSeenAt: '2026-06-20T02:00:00Z' },
      { kbId: '=1+1', machinesMissing: 0 },
      { kbId: 'KB 1/2', machinesMissing: 1 },
    ])
    const first = await api.call('/api/kbs/5094127/machines?limit=1')
    expect(first.json).toMatchObject({
      kbId: '5094127',
      machines: [{ machineId: '7f00', firstMissingAt: '2026-06-20T02:00:00Z', daysMissing: 0 }],
    })
    const second = await api.call(String(first.json['nextLink']))
    expect(second.json).toMatchObject({ machines: [{ machineId: 'f9', firstMissingAt: '2026-06-13T02:00:00Z', daysMissing: 7 }] })
    expect(second.json).not.toHaveProperty('nextLink')
    expect((await api.call('/api/kbs/KB%201%2F2/machines')).json).toMatchObject({ machines: [{ machineId: '0a' }] })
    expect((await api.call('/api/kbs/%3D1%2B1/machines')).json).toMatchObject({ machines: [] })
  })

  it('answers 404 for what was never seen', async () => {
    expect(await api.call('/api/machines/none/history')).toMatchObject({ status: 404, json: { parameter: 'machineId' } })
    expect(await api.call('/api/machines/none/missing-kbs')).toMatchObject({ status: 404, json: { parameter: 'machineId' } })
    expect(await api.call('/api/kbs/none/machines')).toMatchObject({ status: 404, json: { parameter: 'kbId' } })
  })
})
