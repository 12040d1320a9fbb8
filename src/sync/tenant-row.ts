import { restoredTenant, type Snapshot, type TenantSettings } from '../domain/index.ts'
import { LAST_KEY, type ReadTenant, type TenantStore } from '../store/index.ts'

/** The tenant's row; made if it is not there, at an instant (ms), from the snapshots that are: it may have been deleted. Of many, with what is set for it. */
export async function tenantRow(
  { tenant, snapshots }: Pick<TenantStore, 'tenant' | 'snapshots'>,
  nowMs: number,
  settings: Partial<TenantSettings> = {},
): Promise<ReadTenant> {
  const read = await tenant.get()
  if (read) return read
  const known: Snapshot[] = []
  for await (const snapshot of snapshots.range('', LAST_KEY)) known.push(snapshot)
  return tenant.getOrCreate({ ...restoredTenant(known, nowMs), ...settings })
}
