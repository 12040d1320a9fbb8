import { assessedOf } from './assessed.ts'
import { coverageOf } from './coverage.ts'
import type { SnapshotStatus } from './snapshot.ts'
import type { Standings } from './trend.ts'

/** Coverage and the share assessed of what machines stand at; a group's is that of a snapshot which ended in order. */
export function sharesOf(
  { machines, observed, silent, unknown }: Standings,
  status: SnapshotStatus = 'completed',
): { coverage: number; assessed: number | null } {
  const counted = { status, wanted: machines, observed, silent, unknown }
  return { coverage: coverageOf(counted), assessed: assessedOf(counted) }
}
