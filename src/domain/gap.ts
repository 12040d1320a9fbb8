/**
 * Why a machine is not assessed: `unknown` was to be asked and gave no answer, `silent` answered and has not reported for 30 days, `skipped`
 * is not asked, which one that left is neither.
 */
export const GAP_KINDS = ['unknown', 'silent', 'skipped'] as const
export type GapKind = (typeof GAP_KINDS)[number]

export interface GapCause {
  kind: GapKind
  /** The cause: of `unknown` that of the fault. */
  code: string
}

/** A stretch of snapshots in which a machine was not assessed, and that may go on. */
export interface OpenGap extends GapCause {
  /** The snapshot that opened it. */
  fromSnapshotId: string
  /** It may have begun before: gaps were not kept yet. */
  atLeast: boolean
}

/** One stretch of snapshots in which a machine was not assessed for one cause. */
export interface Gap extends OpenGap {
  /** The snapshot that closed it: the first in which it did not hold any more. null while it is open. */
  toSnapshotId: string | null
}

/** Causes that are no fault of a call. */
export const GAP_CAUSES = {
  /** Listed, and the snapshot never came to it. */
  notAsked: { kind: 'unknown', code: 'notAsked' },
  /** A snapshot that failed before it came to it. */
  notReached: { kind: 'unknown', code: 'notReached' },
  silent: { kind: 'silent', code: 'silent' },
  neverReported: { kind: 'silent', code: 'neverReported' },
  platformNotAsked: { kind: 'skipped', code: 'platformNotAsked' },
  filteredOut: { kind: 'skipped', code: 'filteredOut' },
  removed: { kind: 'skipped', code: 'removed' },
  notListed: { kind: 'skipped', code: 'notListed' },
} as const satisfies Record<string, GapCause>

/** The snapshot that ends, as gaps are judged in it. */
export interface EndingSnapshot {
  snapshotId: string
  isFailed: boolean
  /** No snapshot before has kept gaps, though there were some. */
  isFirstToKeepGaps: boolean
}

/** What a snapshot does to a machine's gaps. */
export interface GapChange {
  /** The gap that holds from now on. */
  open: OpenGap | null
  /** Those that it closes or opens. */
  rows: Gap[]
}

/**
 * What becomes of a machine's gaps when a snapshot ends; undefined where nothing does. A stretch has one kind and one code: another cause
 * is another stretch, so that what a row says holds for all of its snapshots. A failed snapshot opens none but for a machine that
 * is gone, since whom it did not come to says nothing; whom it observed has its gap closed.
 */
export function changeGap(
  open: OpenGap | null,
  cause: GapCause | null,
  { snapshotId, isFailed, isFirstToKeepGaps }: EndingSnapshot,
): GapChange | undefined {
  const isOpenedByNone = isFailed && cause !== null && cause.code !== GAP_CAUSES.removed.code
  if (isSameCause(open, cause) || isOpenedByNone) return undefined
  const closed = open ? [{ ...open, toSnapshotId: snapshotId }] : []
  if (cause === null) return { open: null, rows: closed }
  const opened = { ...cause, fromSnapshotId: snapshotId, atLeast: isFirstToKeepGaps }
  return { open: opened, rows: [...closed, { ...opened, toSnapshotId: null }] }
}

function isSameCause(one: GapCause | null, other: GapCause | null): boolean {
  return one === null || other === null ? one === other : one.kind === other.kind && one.code === other.code
}

/** The gap that holds when a snapshot has ended. */
export function gapAt(gaps: readonly Gap[], snapshotId: string): Gap | undefined {
  // Where rows were damaged two may hold: the later one was written knowing more.
  return gaps
    .filter(({ fromSnapshotId, toSnapshotId }) => fromSnapshotId <= snapshotId && (toSnapshotId === null || toSnapshotId > snapshotId))
    .reduce<Gap | undefined>((latest, gap) => (latest && latest.fromSnapshotId > gap.fromSnapshotId ? latest : gap), undefined)
}
