import { cacheKbIds, snapshotStartText, type Store } from '../../src/store/index.ts'
import { pendingSnapshot } from '../../src/sync/pending-snapshot.ts'
import { attributesOf, type History } from './history-model.ts'

/** Writes a history into a store as if its snapshots had been taken, all of them ended. */
export async function writeHistory(store: Store, tenantId: string, history: History): Promise<void> {
  for (const snapshotId of history.snapshotIds) await writeSnapshot(store, tenantId, history, snapshotId)
  for (const machineId of history.machineIds) await writeMachine(store, tenantId, history, machineId)
  await writeKbs(store, tenantId, history)
  const { etag } = await store.tenants.getOrCreate(tenantId, {})
  const last = history.snapshotIds.at(-1) ?? ''
  await store.tenants.patch(
    tenantId,
    {
      lastSnapshotId: last,
      oldestSnapshotId: history.snapshotIds[0] ?? '',
      lastEndedSnapshotId: last,
      lastEndedAt: snapshotStartText(last),
      lastAnsweredAt: snapshotStartText(last),
    },
    etag,
  )
}

export async function writeSnapshot(store: Store, tenantId: string, history: History, snapshotId: string): Promise<void> {
  const changes = history.changes.filter((change) => change.snapshotId === snapshotId)
  await store.changes.write(tenantId, snapshotId, changes)
  const count = history.machineIds.length
  const counters = { listed: count, wanted: count, observed: count, finishedAt: snapshotStartText(snapshotId) }
  await store.snapshots.write(tenantId, { ...pendingSnapshot(snapshotId, 'schedule'), status: 'completed', phase: 'ended', ...counters })
}

async function writeMachine(store: Store, tenantId: string, history: History, machineId: string): Promise<void> {
  const intervals = history.intervals.get(machineId) ?? []
  const snapshotId = history.snapshotIds.at(-1) ?? ''
  const observedAt = snapshotStartText(snapshotId)
  await store.missingKbs.commit(
    tenantId,
    machineId,
    { snapshotId, outcome: 'observed', observedAt, changed: intervals, resumeFrom: '' },
    undefined,
  )
  const open = intervals.filter(({ resolvedSnapshotId }) => resolvedSnapshotId === '')
  const attributes = {
    computerDnsName: `srv-${machineId}`,
    osPlatform: 'Windows11',
    version: '24H2',
    osBuild: null,
    rbacGroupId: null,
    rbacGroupName: null,
  }
  const more = { healthStatus: 'Active', onboardingStatus: null, lastSeen: observedAt, firstSeen: null, aadDeviceId: null, machineTags: [] }
  await store.machines.list(tenantId, [{ machineId, ...attributes, ...more, lastListedSnapshotId: snapshotId, wanted: true }])
  const oldest = open.map(({ appearedSnapshotId }) => appearedSnapshotId).sort()[0]
  const outcome = {
    settledSnapshotId: snapshotId,
    state: 'observed' as const,
    code: '',
    detail: '',
    status: 200,
    attempts: 1,
    retryInSnapshotId: '',
    changedSnapshotId: '',
    filteredOut: false,
  }
  const observation = { lastObservedSnapshotId: snapshotId, observedAt, observedLastSeen: null, missing: open.length }
  const cached = {
    missingKbIds: cacheKbIds(open.map(({ kbId }) => kbId)),
    oldestMissingAt: oldest === undefined ? null : snapshotStartText(oldest),
  }
  await store.machines.settle(tenantId, [{ machineId, ...outcome, ...observation, ...cached }])
}

async function writeKbs(store: Store, tenantId: string, history: History): Promise<void> {
  const last = history.snapshotIds.at(-1) ?? ''
  const missing = [...history.intervals.values()].flat()
  const kbIds = new Set(missing.map(({ kbId }) => kbId))
  const rows = [...kbIds].map((kbId) => {
    const own = missing.filter((interval) => interval.kbId === kbId)
    const firstSeenSnapshotId = own.map(({ appearedSnapshotId }) => appearedSnapshotId).sort()[0] ?? last
    const machinesMissing = own.filter(({ resolvedSnapshotId }) => resolvedSnapshotId === '').length
    return { ...attributesOf(kbId), firstSeenSnapshotId, lastSeenSnapshotId: last, machinesMissing }
  })
  await store.kbs.write(tenantId, rows)
}
