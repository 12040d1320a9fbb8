import type { Snapshot } from '../../domain/index.ts'
import type { Place, TenantStore } from '../../store/index.ts'
import type { FeedRow } from '../filter/bind-filter.ts'
import type { Expression } from '../filter/expression.ts'
import type { EntitySet } from '../model.ts'
import type { Density } from '../read/hex-cuts.ts'
import type { Stretch } from '../read/stretch.ts'

/** The history as it stood when its newest snapshot had ended: every page of an answer shows the same, whatever is written meanwhile. */
export interface View {
  store: TenantStore
  /** For rows that show it. */
  tenantId: string
  /** The newest ended snapshot; null when none has ended. Nothing that came after it is shown. */
  pin: string | null
  pinned: Snapshot | undefined
}

/** Whether what happened in a snapshot, if it did, is shown in a view up to `pin`. */
export const isShown = (snapshotId: string | null, pin: string | null): snapshotId is string =>
  snapshotId !== null && pin !== null && snapshotId <= pin

export interface SetQuery {
  filter: Expression | undefined
  /** Where to begin; the stretches may begin before it. */
  from: Place | undefined
  /** How the rows lie, as it was seen on earlier pages. Sets of another kind leave it alone. */
  density: Density
}

/** How a set is read. */
export interface FeedSet {
  set: EntitySet
  /** Properties that rows come in ascending order of, by themselves. Several in a row are one order: the key's. */
  sortedBy: readonly (readonly string[])[]
  /** Rows that the set is likely to have. */
  sizeOf(view: View): number
  /** The parts of the set that can hold what a filter takes, in key order. */
  stretches(view: View, query: SetQuery): Promise<Iterable<Stretch>>
  /** Right behind a row. */
  placeOf(row: FeedRow): Place
}
