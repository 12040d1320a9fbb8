import { isListed, type Snapshot, toUnknownMachine, type UnknownMachine } from '../domain/index.ts'
import { LAST_KEY, type TenantStore } from '../store/index.ts'
import type { Batch } from './batch.ts'

const COLUMNS = ['settledSnapshotId', 'state', 'computerDnsName', 'status', 'code', 'detail', 'attempts'] as const

/**
 * The machines that a snapshot has not been able to observe up to now, in id order after a machine. A snapshot writes them down at its end;
 * until then each machine's own row says how it was settled, and all of them are looked through. One that answers when it is asked again is
 * not found any more.
 */
export async function* unknownSoFar(
  store: Pick<TenantStore, 'machines'>,
  { snapshotId, phase }: Pick<Snapshot, 'snapshotId' | 'phase'>,
  after: string | null,
): AsyncGenerator<Batch<UnknownMachine, string>> {
  // No machine is settled before all are listed.
  if (!isListed(phase)) return
  const span = { from: { partition: '', row: after ?? '', done: true }, to: { partition: '', row: LAST_KEY } }
  for await (const { rows, scanned } of store.machines.span(span, COLUMNS)) {
    const unknown = rows.filter((row) => row.settledSnapshotId === snapshotId && row.state === 'unknown')
    yield { rows: unknown.map(toUnknownMachine), looked: scanned, at: rows.at(-1)?.machineId }
  }
}
