import { madeChanges } from '../domain/index.ts'
import type { TenantStore } from '../store/index.ts'
import type { DiffSnapshot } from './diff.ts'

/**
 * The oldest of a diff's snapshots from which one can be made up to its end, where changes of some of them are gone: the newest of those,
 * since a diff leaves out the changes of the snapshot that it begins at. undefined where all have some.
 */
export async function oldestReachable(
  { changes }: Pick<TenantStore, 'changes'>,
  snapshots: readonly DiffSnapshot[],
): Promise<string | undefined> {
  for (const snapshot of snapshots.filter(madeChanges).toReversed()) {
    if (!(await changes.has(snapshot.snapshotId))) return snapshot.snapshotId
  }
  return undefined
}
