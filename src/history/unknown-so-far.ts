import { isListed, type Snapshot, toUnknownMachine, type UnknownMachine } from '../domain/index.ts'
import { LAST_KEY, type TenantStore } from '../store/index.ts'
import { SCAN_POLICY } from './machines-missing-kb.ts'

export interface UnknownSoFar {
  rows: UnknownMachine[]
  /** The last machine looked at, if there are more. */
  stoppedAt?: string
}

const COLUMNS = ['settledSnapshotId', 'state', 'computerDnsName', 'status', 'code', 'detail', 'attempts'] as const

/**
 * The machines that a snapshot has not been able to observe up to now, in id order after a machine: at most `limit`. A snapshot writes
 * them down at its end; until then each machine's own row says how it was settled, and up to SCAN_POLICY.machines of them are looked
 * through for a page, which may then be short and go on. One that answers when it is asked again is on no later page.
 */
export async function unknownSoFar(
  store: Pick<TenantStore, 'machines'>,
  { snapshotId, phase }: Pick<Snapshot, 'snapshotId' | 'phase'>,
  page: { after: string | null; limit: number },
): Promise<UnknownSoFar> {
  const found: UnknownMachine[] = []
  // No machine is settled before all are listed.
  if (!isListed(phase)) return { rows: found }
  const span = { from: { partition: '', row: page.after ?? '', done: true }, to: { partition: '', row: LAST_KEY } }
  let looked = 0
  for await (const { rows, scanned } of store.machines.span(span, COLUMNS)) {
    found.push(...rows.filter((row) => row.settledSnapshotId === snapshotId && row.state === 'unknown').map(toUnknownMachine))
    if (found.length > page.limit) return stopAt(found.slice(0, page.limit), found[page.limit - 1])
    looked += scanned
    if (looked >= SCAN_POLICY.machines) return stopAt(found, rows.at(-1))
  }
  return { rows: found }
}

const stopAt = (rows: UnknownMachine[], last: { machineId: string } | undefined): UnknownSoFar => ({
  rows,
  ...(last && { stoppedAt: last.machineId }),
})
