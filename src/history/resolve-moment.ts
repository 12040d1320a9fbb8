import { isEnded, type SnapshotRow, type Store, type TenantRow } from '../store/index.ts'
import type { Moment } from './moment.ts'
import { endedBefore, findSnapshot, newestEnded } from './snapshot-list.ts'

type SnapshotStore = Pick<Store, 'snapshots'>

/** A caller's moment made an ended snapshot, or why there is none. */
export type ResolvedMoment = { kind: 'found'; snapshot: SnapshotRow } | { kind: 'missing'; detail: string }

/** The ended snapshot that a moment means. `before` is what `previous` counts from; the latest if left out. */
export async function resolveMoment(
  store: SnapshotStore,
  tenant: TenantRow,
  moment: Moment,
  before?: SnapshotRow,
): Promise<ResolvedMoment> {
  switch (moment.kind) {
    case 'latest':
      return found(await newestEnded(store, tenant), async () => NOTHING_ENDED)
    case 'previous':
      return resolvePrevious(store, tenant, before)
    case 'snapshot':
      return resolveId(store, tenant, moment.snapshotId)
    case 'atOrBefore':
      return found(await newestEnded(store, tenant, moment.snapshotId), () => nothingBefore(store, tenant, `at or before ${moment.text}`))
  }
}

const NOTHING_ENDED = 'No snapshot has ended yet.'

async function found(snapshot: SnapshotRow | undefined, detail: () => Promise<string>): Promise<ResolvedMoment> {
  return snapshot ? { kind: 'found', snapshot } : { kind: 'missing', detail: await detail() }
}

async function resolvePrevious(store: SnapshotStore, tenant: TenantRow, before: SnapshotRow | undefined): Promise<ResolvedMoment> {
  const base = before ?? (await newestEnded(store, tenant))
  if (!base) return { kind: 'missing', detail: NOTHING_ENDED }
  return found(await endedBefore(store, tenant, base.snapshotId), () => nothingBefore(store, tenant, `before ${base.snapshotId}`))
}

async function resolveId(store: SnapshotStore, tenant: TenantRow, snapshotId: string): Promise<ResolvedMoment> {
  const snapshot = snapshotId < tenant.oldestSnapshotId ? undefined : await findSnapshot(store, tenant, snapshotId)
  if (snapshot && isEnded(snapshot)) return { kind: 'found', snapshot }
  if (snapshot) return { kind: 'missing', detail: `The snapshot ${snapshotId} is ${snapshot.status}: it has not ended yet.` }
  return { kind: 'missing', detail: `There is no snapshot ${snapshotId}. ${await oldestText(store, tenant)}` }
}

async function nothingBefore(store: SnapshotStore, tenant: TenantRow, when: string): Promise<string> {
  return `No snapshot has ended that started ${when}. ${await oldestText(store, tenant)}`
}

async function oldestText(store: SnapshotStore, tenant: TenantRow): Promise<string> {
  if (tenant.oldestSnapshotId === '') return NOTHING_ENDED
  for await (const row of store.snapshots.range(tenant.tenantId, tenant.oldestSnapshotId, tenant.lastSnapshotId)) {
    if (isEnded(row)) return `The oldest snapshot is ${row.snapshotId}.`
  }
  return NOTHING_ENDED
}
