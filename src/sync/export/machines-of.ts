import type { ExportedMachine } from '../../domain/index.ts'
import { mergeRuns } from '../../sources/index.ts'
import type { TenantStore } from '../../store/index.ts'
import type { ReadingState } from './reading-state.ts'

/** The machines that an export has rows of, behind one or all, in the order of their ids. */
export function machinesOf(
  exports: TenantStore['exports'],
  snapshotId: string,
  { runs }: Pick<ReadingState, 'runs'>,
  after: string | null,
): AsyncIterable<ExportedMachine> {
  return mergeRuns(runs.map((run) => exports.run(snapshotId, run, after)))
}
