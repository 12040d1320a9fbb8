import { isLater, type Moment } from '../history/moment.ts'
import { resolveMoment } from '../history/resolve-moment.ts'
import type { Services } from '../program.ts'
import type { KbRow, MachineRow, SnapshotRow, TenantRow } from '../store/index.ts'
import { ProblemError, quote } from './problem.ts'

/** Two ended snapshots of a tenant, and those after the first up to the second. */
export interface ResolvedRange {
  tenant: TenantRow
  from: SnapshotRow
  to: SnapshotRow
  /** Ids with `from < id <= to`, oldest first. */
  snapshotIds: string[]
}

/** The tenant's row, or a problem while nothing was ever asked of it. */
export async function requireTenant({ config, store }: Services): Promise<TenantRow> {
  const read = await store.tenants.get(config.defender.tenantId)
  if (!read) throw new ProblemError('notFound', 'No snapshot has ended yet.')
  return read.tenant
}

/** The ended snapshot that a parameter means; 404 if there is none. */
export async function requireSnapshot(
  { store }: Services,
  tenant: TenantRow,
  name: string,
  moment: Moment,
  before?: SnapshotRow,
): Promise<SnapshotRow> {
  const resolved = await resolveMoment(store, tenant, moment, before)
  if (resolved.kind === 'missing') throw new ProblemError('notFound', resolved.detail, { parameter: name })
  return resolved.snapshot
}

export async function requireMachine({ config, store }: Services, machineId: string): Promise<MachineRow> {
  const machine = await store.machines.get(config.defender.tenantId, machineId)
  if (!machine) throw new ProblemError('notFound', `No machine ${quote(machineId)} was ever listed.`, { parameter: 'machineId' })
  return machine
}

export async function requireKb({ config, store }: Services, kbId: string): Promise<KbRow> {
  const kb = await store.kbs.get(config.defender.tenantId, kbId)
  if (!kb) throw new ProblemError('notFound', `No machine was ever seen missing the KB ${quote(kbId)}.`, { parameter: 'kbId' })
  return kb
}

/** The ends of a diff. `from` after `to` is the caller's mistake. */
export async function requireRange(
  services: Services,
  from: Moment = { kind: 'previous' },
  to: Moment = { kind: 'latest' },
): Promise<ResolvedRange> {
  // Two moments between the same two snapshots mean the same one.
  if (isLater(from, to)) throw fromAfterTo(`from is ${textOf(from)}, to is ${textOf(to)}`)
  const tenant = await requireTenant(services)
  const end = await requireSnapshot(services, tenant, 'to', to)
  const start = await requireSnapshot(services, tenant, 'from', from, end)
  if (start.snapshotId > end.snapshotId) throw fromAfterTo(`from is the snapshot ${start.snapshotId}, to is ${end.snapshotId}`)
  return { tenant, from: start, to: end, snapshotIds: await idsBetween(services, start.snapshotId, end.snapshotId) }
}

const fromAfterTo = (ends: string) => new ProblemError('invalidParameter', `from must not be after to; ${ends}.`, { parameter: 'from' })

function textOf(moment: Moment): string {
  if (moment.kind === 'atOrBefore') return moment.text
  return moment.kind === 'snapshot' ? `the snapshot ${moment.snapshotId}` : moment.kind
}

async function idsBetween({ config, store }: Services, from: string, to: string): Promise<string[]> {
  const ids: string[] = []
  for await (const { snapshotId } of store.snapshots.range(config.defender.tenantId, from, to)) {
    if (snapshotId > from) ids.push(snapshotId)
  }
  return ids
}
