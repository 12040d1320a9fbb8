import type { TableClient } from '@azure/data-tables'
import { atOf } from '../../src/domain/index.ts'
import type { TenantStore } from '../../src/store/index.ts'

interface Tables {
  tenantId: string
  store: TenantStore
  openTable: (name: string) => TableClient
}

/** Relabels an ended snapshot as if an export, made at an instant (ms), had told all of it: its sample is due then. */
export async function asExport({ tenantId, store, openTable }: Tables, snapshotId: string, madeMs: number): Promise<void> {
  const sourceTime = atOf(madeMs)
  for await (const machines of store.machines.pages()) {
    for (const { machineId, lastObservedSnapshotId } of machines) {
      if (lastObservedSnapshotId !== snapshotId) continue
      const told = { observedSource: 'export', observedAt: sourceTime }
      await openTable('machines').updateEntity({ partitionKey: tenantId, rowKey: machineId, ...told }, 'Merge')
    }
  }
  const snapshot = await store.snapshots.get(snapshotId)
  if (snapshot) await store.snapshots.write({ ...snapshot, source: 'export', sourceTime, sample: null })
  const read = await store.tenant.get()
  if (read) await store.tenant.patch({ sampleSnapshotId: snapshotId, sampleMinutes: 1440, sampleRetryAt: null }, read.etag)
}
