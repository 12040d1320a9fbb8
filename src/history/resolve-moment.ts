import { isEnded, type Snapshot, snapshotIdOf, snapshotStartMs, type TenantState } from '../domain/index.ts'
import type { Moment } from './moment.ts'
import { endedBefore, findSnapshot, newestEnded, type SnapshotStore } from './snapshot-list.ts'

/** A caller's moment made an ended snapshot, or why there is none. */
export type ResolvedMoment = { kind: 'found'; snapshot: Snapshot } | { kind: 'missing'; detail: string }

/** The ended snapshot that a moment means. `before` is what `previous` and `-7d` count from; the latest if left out. */
export async function resolveMoment(store: SnapshotStore, tenant: TenantState, moment: Moment, before?: Snapshot): Promise<ResolvedMoment> {
  switch (moment.kind) {
    case 'latest':
      return found(await newestEnded(store, tenant), async () => NOTHING_ENDED)
    case 'previous':
      return resolvePrevious(store, tenant, before)
    case 'earlier':
      return resolveEarlier(store, tenant, moment, before)
    case 'snapshot':
      return resolveId(store, tenant, moment.snapshotId)
    case 'atOrBefore':
      return found(await newestEnded(store, tenant, moment.snapshotId), () => nothingBefore(store, tenant, `at or before ${moment.text}`))
  }
}

const NOTHING_ENDED = 'No snapshot has ended yet.'

async function found(snapshot: Snapshot | undefined, detail: () => Promise<string>): Promise<ResolvedMoment> {
  return snapshot ? { kind: 'found', snapshot } : { kind: 'missing', detail: await detail() }
}

async function resolvePrevious(store: SnapshotStore, tenant: TenantState, before: Snapshot | undefined): Promise<ResolvedMoment> {
  const base = before ?? (await newestEnded(store, tenant))
  if (!base) return { kind: 'missing', detail: NOTHING_ENDED }
  return found(await endedBefore(store, tenant, base.snapshotId), () => nothingBefore(store, tenant, `before ${base.snapshotId}`))
}

async function resolveEarlier(
  store: SnapshotStore,
  tenant: TenantState,
  { milliseconds, text }: Moment & { kind: 'earlier' },
  before: Snapshot | undefined,
): Promise<ResolvedMoment> {
  const base = before ?? (await newestEnded(store, tenant))
  if (!base) return { kind: 'missing', detail: NOTHING_ENDED }
  const startedBy = new Date(snapshotStartMs(base.snapshotId) - milliseconds)
  const when = `at or before ${startedBy.toISOString()} (${text})`
  return found(await newestEnded(store, tenant, snapshotIdOf(startedBy.getTime())), () => nothingBefore(store, tenant, when))
}

async function resolveId(store: SnapshotStore, tenant: TenantState, snapshotId: string): Promise<ResolvedMoment> {
  const snapshot = snapshotId < (tenant.oldestSnapshotId ?? '') ? undefined : await findSnapshot(store, tenant, snapshotId)
  if (snapshot && isEnded(snapshot)) return { kind: 'found', snapshot }
  if (snapshot) return { kind: 'missing', detail: `The snapshot ${snapshotId} is ${snapshot.status}: it has not ended yet.` }
  return { kind: 'missing', detail: `There is no snapshot ${snapshotId}. ${await oldestText(store, tenant)}` }
}

async function nothingBefore(store: SnapshotStore, tenant: TenantState, when: string): Promise<string> {
  return `No snapshot has ended that started ${when}. ${await oldestText(store, tenant)}`
}

async function oldestText(store: SnapshotStore, tenant: TenantState): Promise<string> {
  const { oldestSnapshotId, lastSnapshotId } = tenant
  if (oldestSnapshotId === null || lastSnapshotId === null) return NOTHING_ENDED
  for await (const row of store.snapshots.range(oldestSnapshotId, lastSnapshotId)) {
    if (isEnded(row)) return `The oldest snapshot is ${row.snapshotId}.`
  }
  return NOTHING_ENDED
}
