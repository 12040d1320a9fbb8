import { openTenant } from '../../../src/open-tenant.ts'
import { diffRows } from '../../../src/history/diff.ts'
import type { Answer, Asked } from './job.ts'
import { openServices } from './services.ts'

/** Reads a whole diff and drops its rows, as a consumer does that writes them out. */
export async function runDiff({ snapshotIds }: Asked<'runDiff'>): Promise<Answer<'runDiff'>> {
  const { store } = openTenant(openServices())
  const startedAt = performance.now()
  let rows = 0
  const diff = { snapshotIds, toSnapshotId: snapshotIds.at(-1) ?? '', mode: 'net', filter: {}, rowsWanted: Infinity } as const
  for await (const page of diffRows(store.changes, diff)) rows += page.length
  return { milliseconds: performance.now() - startedAt, rows }
}
