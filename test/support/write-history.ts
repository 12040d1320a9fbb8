import { direct, beginningOf, pendingSnapshot, snapshotStartAt } from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'
import { attributesOf, type History } from './history-model.ts'

/** Writes a history into a store as if its snapshots had been taken, all of them ended. */
export async function writeHistory(store: TenantStore, history: History): Promise<void> {
  for (const snapshotId of history.snapshotIds) await writeSnapshot(store, history, snapshotId)
  for (const machineId of history.machineIds) await writeMachine(store, history, machineId)
  await writeKbs(store, history)
  const { etag } = await store.tenant.getOrCreate({})
  const last = history.snapshotIds.at(-1) ?? ''
  await store.tenant.patch(
    {
      lastSnapshotId: last,
      oldestSnapshotId: history.snapshotIds[0] ?? '',
      lastEndedSnapshotId: last,
      lastEndedAt: snapshotStartAt(last),
      lastAnsweredAt: snapshotStartAt(last),
    },
    etag,
  )
}

export async function writeSnapshot(store: TenantStore, history: History, snapshotId: string): Promise<void> {
  const changes = history.changes.filter((change) => change.snapshotId === snapshotId)
  await store.changes.write(snapshotId, changes)
  const count = history.machineIds.length
  const counters = { listed: count, wanted: count, observed: count, finishedAt: snapshotStartAt(snapshotId) }
  await store.snapshots.write({ ...pendingSnapshot(snapshotId, 'schedule'), status: 'completed', phase: 'ended', ...counters })
}

async function writeMachine(store: TenantStore, history: History, machineId: string): Promise<void> {
  const intervals = history.intervals.get(machineId) ?? []
  const snapshotId = history.snapshotIds.at(-1) ?? ''
  const observedAt = snapshotStartAt(snapshotId)
  await store.missingKbs.commit(
    machineId,
    { snapshotId, outcome: 'observed', ...direct(observedAt), changed: intervals, resumeFrom: '' },
    undefined,
  )
  const open = intervals.filter(({ resolvedSnapshotId }) => resolvedSnapshotId === null)
  const attributes = {
    computerDnsName: `srv-${machineId}`,
    osPlatform: 'Windows11',
    version: '24H2',
    osBuild: null,
    rbacGroupId: null,
    rbacGroupName: null,
  }
  const more = { healthStatus: 'Active', onboardingStatus: null, lastSeen: observedAt, firstSeen: null, aadDeviceId: null, machineTags: [] }
  await store.machines.list([{ machineId, ...attributes, ...more, lastListedSnapshotId: snapshotId, wanted: true }])
  const oldest = open.map(({ appearedSnapshotId }) => appearedSnapshotId).sort()[0]
  const outcome = {
    settledSnapshotId: snapshotId,
    state: 'observed' as const,
    code: null,
    detail: null,
    status: 200,
    attempts: 1,
    retryInSnapshotId: null,
    notOnboardedSnapshotId: null,
    changedSnapshotId: null,
    filteredOut: false,
  }
  const observation = {
    lastObservedSnapshotId: snapshotId,
    observedAt,
    observedLastSeen: observedAt,
    observedOsPlatform: null,
    observedVersion: null,
    missing: open.length,
  }
  const cached = {
    missingKbIds: open.map(({ kbId }) => kbId),
    missingSince: open.map((interval) => ({ appearedSnapshotId: interval.appearedSnapshotId, ...beginningOf(interval) })),
    oldestMissingAt: oldest === undefined ? null : snapshotStartAt(oldest),
  }
  await store.machines.settle([{ machineId, ...outcome, ...observation, ...cached }])
}

async function writeKbs(store: TenantStore, history: History): Promise<void> {
  const last = history.snapshotIds.at(-1) ?? ''
  const missing = [...history.intervals.values()].flat()
  const kbIds = new Set(missing.map(({ kbId }) => kbId))
  const rows = [...kbIds].map((kbId) => {
    const own = missing.filter((interval) => interval.kbId === kbId)
    const firstSeenSnapshotId = own.map(({ appearedSnapshotId }) => appearedSnapshotId).sort()[0] ?? last
    const machinesMissing = own.filter(({ resolvedSnapshotId }) => resolvedSnapshotId === null).length
    return { ...attributesOf(kbId), firstSeenSnapshotId, lastSeenSnapshotId: last, machinesMissing }
  })
  await store.kbs.write(rows)
}
