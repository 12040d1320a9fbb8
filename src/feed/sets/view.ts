import type { Snapshot } from '../../domain/index.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import type { Services } from '../../program.ts'
import type { Place, TenantStore } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import type { Expression } from '../filter/expression.ts'
import type { EntitySet } from '../model.ts'
import type { Density } from '../read/density.ts'
import type { Section } from '../read/section.ts'

/**
 * The history as of a snapshot: as it stood when that snapshot, the newest one then, had ended. Every page of an answer shows the same
 * view, whatever is written meanwhile.
 */
export interface View {
  store: TenantStore
  /** For rows that show it. */
  tenantId: string
  /** Nothing that came after this snapshot is shown; null when none has ended. */
  asOfSnapshotId: string | null
  asOfSnapshot: Snapshot | undefined
}

/** Opens a view as of the newest ended snapshot, or as of the one that the first page was read at. */
async function openView({ store, tenantId }: OpenTenant, firstPageAsOf?: string | null): Promise<View> {
  const snapshotOf = async (snapshotId: string | null | undefined) => (snapshotId ? store.snapshots.get(snapshotId) : undefined)
  const [read, firstPageSnapshot] = await Promise.all([store.tenant.get(), snapshotOf(firstPageAsOf)])
  const newest = read?.tenant.lastEndedSnapshotId ?? null
  // A forged token may name one that has not ended.
  if (firstPageAsOf !== undefined && (firstPageAsOf ?? '') <= (newest ?? ''))
    return { store, tenantId, asOfSnapshotId: firstPageAsOf, asOfSnapshot: firstPageSnapshot }
  return { store, tenantId, asOfSnapshotId: newest, asOfSnapshot: await snapshotOf(newest) }
}

/** Whether what happened in a snapshot, if it did, is shown as of another one. */
export const isShown = (snapshotId: string | null, asOfSnapshotId: string | null): snapshotId is string =>
  snapshotId !== null && asOfSnapshotId !== null && snapshotId <= asOfSnapshotId

export interface SetQuery {
  filter: Expression | undefined
  /** Where to begin; the sections may begin before it. */
  from: Place | undefined
  /** How the rows lie, as far as it is known. Sets that are not read by machine ids leave it alone. */
  density: Density
}

/** What every set says of its rows. */
interface RowsOfSet {
  set: EntitySet
  /** Properties that rows come in ascending order of, by themselves. Several in a row are one order: the key's. */
  sortedBy: readonly (readonly string[])[]
  /** Right behind a row. */
  placeOf(this: void, row: FeedRow): Place
}

/** How a set of a tenant is read. */
export interface TenantSet extends RowsOfSet {
  /** Rows that the set is likely to have. */
  sizeOf(view: View): number
  /** The parts of the set that can hold what a filter takes, in key order. */
  sections(view: View, query: SetQuery): Promise<Iterable<Section>>
}

/** How a set of the app is read, which is about all of its tenants. */
export interface AppSet extends RowsOfSet {
  isOfApp: true
  /** `tenantId`: the only tenant that is asked for, if one is. */
  sections(services: Services, query: SetQuery, tenantId: string | undefined): Promise<Iterable<Section>>
}

export type FeedSet = TenantSet | AppSet

/** Whom a request is about: a tenant, or the app with all of its tenants. */
export type Subject = { kind: 'tenant'; opened: OpenTenant } | { kind: 'app'; services: Services; tenantId: string | undefined }

/** A set, with what it is read in. */
export interface OpenSet extends RowsOfSet {
  /** The newest ended snapshot that every page of an answer is as of; null where there is none, and of a set of the app. */
  asOfSnapshotId: string | null
  rowsInAll: number
  sections(query: SetQuery): Promise<Iterable<Section>>
}

/** Opens a set as of now, or as of what the first page was read at. */
export async function openSet(feedSet: FeedSet, subject: Subject, firstPageAsOf?: string | null): Promise<OpenSet> {
  const { set, sortedBy, placeOf } = feedSet
  const rows = { set, sortedBy, placeOf }
  if ('isOfApp' in feedSet) {
    if (subject.kind === 'tenant') throw new TypeError(`${set.name} is about the app`)
    return { ...rows, asOfSnapshotId: null, rowsInAll: 0, sections: (query) => feedSet.sections(subject.services, query, subject.tenantId) }
  }
  if (subject.kind === 'app') throw new TypeError(`${set.name} is about a tenant`)
  const view = await openView(subject.opened, firstPageAsOf)
  const { asOfSnapshotId } = view
  return { ...rows, asOfSnapshotId, rowsInAll: feedSet.sizeOf(view), sections: (query) => feedSet.sections(view, query) }
}
