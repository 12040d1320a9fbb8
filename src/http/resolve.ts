import type { Kb, Machine, Snapshot, TenantState } from '../domain/index.ts'
import { quote } from '../edge/quote.ts'
import { isLater, type Moment } from '../history/moment.ts'
import { resolveMoment } from '../history/resolve-moment.ts'
import { findSnapshot, newestEnded } from '../history/snapshot-list.ts'
import { readStanding } from '../history/standing.ts'
import { type Beginning, STANDARD_BEGINNING, type Stretch, stretchTo } from '../history/trends/stretch.ts'
import { oldestReachable } from '../history/oldest-reachable.ts'
import type { OpenTenant } from '../open-tenant.ts'
import { ChangesGoneError } from '../store/index.ts'
import { ProblemError, problemSchema } from './problem.ts'
import { snapshotId } from './shapes/values.ts'

/** Two ended snapshots of a tenant, and those after the first up to the second. */
export interface ResolvedRange {
  tenant: TenantState
  from: Snapshot
  to: Snapshot
  /** Those with `from < id <= to`, oldest first. */
  snapshots: Snapshot[]
}

/** The tenant's row, or a problem while nothing was ever asked of it. */
export async function requireTenant({ store }: OpenTenant): Promise<TenantState> {
  const read = await store.tenant.get()
  if (!read) throw new ProblemError('notFound', 'No snapshot has ended yet.')
  return read.tenant
}

/** The ended snapshot that a parameter means; 404 if there is none. */
export async function requireSnapshot(
  { store }: OpenTenant,
  tenant: TenantState,
  name: string,
  moment: Moment,
  before?: Snapshot,
): Promise<Snapshot> {
  const resolved = await resolveMoment(store, tenant, moment, before)
  if (resolved.kind === 'missing') throw new ProblemError('notFound', resolved.detail, { parameter: name })
  return resolved.snapshot
}

export async function requireMachine({ store }: OpenTenant, machineId: string): Promise<Machine> {
  const machine = await store.machines.get(machineId)
  if (!machine) throw new ProblemError('notFound', `No machine ${quote(machineId)} was ever listed.`, { parameter: 'machineId' })
  return machine
}

export async function requireKb({ store }: OpenTenant, kbId: string): Promise<Kb> {
  const kb = await store.kbs.find(kbId)
  if (!kb) throw new ProblemError('notFound', `No machine was ever seen missing the KB ${quote(kbId)}.`, { parameter: 'kbId' })
  return kb
}

/** The newest ended snapshot's id, by which deadlines are judged; null before there is one. */
export async function latestSnapshotId({ store }: OpenTenant): Promise<string | null> {
  return (await store.tenant.get())?.tenant.lastEndedSnapshotId ?? null
}

/** The newest ended snapshot, which figures are as of; 404 before there is one. */
export async function requireLatest(opened: OpenTenant): Promise<{ tenant: TenantState; asOf: Snapshot }> {
  const tenant = await requireTenant(opened)
  const { asOf } = await readStanding(opened.store, tenant)
  if (!asOf) throw new ProblemError('notFound', 'No snapshot has ended yet.')
  return { tenant, asOf }
}

/** The ends of a trend; what is before all history begins with it. */
export async function requireTrendRange(
  opened: OpenTenant,
  beginning: Beginning = STANDARD_BEGINNING,
  to: Moment = { kind: 'latest' },
): Promise<{ tenant: TenantState; asOf: Snapshot; stretch: Stretch }> {
  if (isLater(beginning, to)) throw fromAfterTo(`from is ${textOf(beginning)}, to is ${textOf(to)}`)
  const { tenant, asOf } = to.kind === 'latest' ? await requireLatest(opened) : await requireEnd(opened, to)
  return { tenant, asOf, stretch: stretchTo(asOf, beginning) }
}

async function requireEnd(opened: OpenTenant, to: Moment): Promise<{ tenant: TenantState; asOf: Snapshot }> {
  const tenant = await requireTenant(opened)
  return { tenant, asOf: await requireSnapshot(opened, tenant, 'to', to) }
}

/** The ends of a diff. `from` after `to` is the caller's mistake. */
export async function requireRange(
  opened: OpenTenant,
  from: Moment = { kind: 'previous' },
  to: Moment = { kind: 'latest' },
): Promise<ResolvedRange> {
  // Two moments between the same two snapshots mean the same one.
  if (isLater(from, to)) throw fromAfterTo(`from is ${textOf(from)}, to is ${textOf(to)}`)
  const tenant = await requireTenant(opened)
  const end = await requireSnapshot(opened, tenant, 'to', to)
  const start = await requireSnapshot(opened, tenant, 'from', from, end)
  if (start.snapshotId > end.snapshotId) throw fromAfterTo(`from is the snapshot ${start.snapshotId}, to is ${end.snapshotId}`)
  return { tenant, from: start, to: end, snapshots: await snapshotsBetween(opened, start.snapshotId, end.snapshotId) }
}

const fromAfterTo = (ends: string) => new ProblemError('invalidParameter', `from must not be after to; ${ends}.`, { parameter: 'from' })

function textOf(moment: Moment): string {
  if (moment.kind === 'atOrBefore') return moment.text
  if (moment.kind === 'earlier') return moment.text
  return moment.kind === 'snapshot' ? `the snapshot ${moment.snapshotId}` : moment.kind
}

export const goneSchema = problemSchema
  .extend({ oldestSnapshotId: snapshotId.describe('The oldest snapshot that can be compared with.') })
  .describe('Changes between the two snapshots were deleted from the storage.')

/** What is read of a diff; 410 where changes of it are not there any more. */
export async function* orGone<T>(
  { store }: OpenTenant,
  { snapshots }: Pick<ResolvedRange, 'snapshots'>,
  read: AsyncIterable<T>,
): AsyncGenerator<T> {
  try {
    yield* read
  } catch (error) {
    if (!(error instanceof ChangesGoneError)) throw error
    const oldest = (await oldestReachable(store, snapshots)) ?? error.snapshotId
    const detail = `Changes between the two snapshots were deleted from the storage. The oldest snapshot that can be compared with is ${oldest}.`
    throw new ProblemError('historyGone', detail, { parameter: 'from', oldestSnapshotId: oldest })
  }
}

/** A snapshot by its id in a path, or the newest that has ended; it need not have ended itself. */
export async function requireNamedSnapshot({ store }: OpenTenant, named: string): Promise<{ tenant: TenantState; snapshot: Snapshot }> {
  const read = await store.tenant.get()
  if (named === 'latest') {
    const snapshot = read && (await newestEnded(store, read.tenant))
    if (snapshot) return { tenant: read.tenant, snapshot }
    throw new ProblemError('notFound', 'No snapshot has ended yet.', { parameter: 'snapshotId' })
  }
  const snapshot = read && (await findSnapshot(store, read.tenant, named))
  if (snapshot) return { tenant: read.tenant, snapshot }
  throw new ProblemError('notFound', `There is no snapshot ${named}.`, { parameter: 'snapshotId' })
}

async function snapshotsBetween({ store }: OpenTenant, from: string, to: string): Promise<Snapshot[]> {
  const snapshots: Snapshot[] = []
  for await (const snapshot of store.snapshots.range(from, to)) {
    if (snapshot.snapshotId > from) snapshots.push(snapshot)
  }
  return snapshots
}
