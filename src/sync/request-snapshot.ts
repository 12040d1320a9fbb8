import { activateSnapshot, pendingSnapshot, type SourceKind } from '../domain/index.ts'
import { StoreError, type TenantStore } from '../store/index.ts'
import { tenantRow } from './tenant-row.ts'

export type SnapshotRequest = { kind: 'requested'; snapshotId: string } | { kind: 'active'; snapshotId: string }

/** Ticks that find no snapshot to go on with write once; requests find the one that was first. Twenty on end is no writer of ours. */
const ATTEMPTS = 20

/**
 * Asks for a snapshot at an instant (ms): the next tick takes it up. `active`: one is pending or running already. Throws a `StoreError`
 * where the tenant's row is never to be had.
 *
 * The tenant row decides, by its ETag; the snapshot's own row follows. A kill in between leaves an active snapshot without a row,
 * which reads as pending and which the next tick takes up like any other.
 */
export async function requestSnapshot(
  store: Pick<TenantStore, 'tenant' | 'snapshots'>,
  nowMs: number,
  source: SourceKind = 'perMachine',
): Promise<SnapshotRequest> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { tenant, etag } = await tenantRow(store, nowMs)
    if (tenant.activeSnapshotId !== null) return { kind: 'active', snapshotId: tenant.activeSnapshotId }
    const activation = activateSnapshot(tenant, 'manual', nowMs, source)
    const written = await store.tenant.patch(activation, etag)
    // Someone else wrote: another request, which the next round finds active, or a tick, whose writes end soon.
    if (written.kind === 'outdated') continue
    await store.snapshots.insert(pendingSnapshot(activation.activeSnapshotId, 'manual', source))
    return { kind: 'requested', snapshotId: activation.activeSnapshotId }
  }
  throw new StoreError(`the tenant's row was written by others ${ATTEMPTS} times on end`, 'Contended')
}
