import pLimit, { type LimitFunction } from 'p-limit'
import { type Change, madeChanges, type Snapshot } from '../domain/index.ts'
import { bucketOf, BUCKETS, changeKey, type ChangeRange, ChangesGoneError } from '../store/index.ts'
import type { Batch } from './batch.ts'
import type { ChangeSource } from './change-source.ts'
import { type DiffFilter, type DiffMode, type DiffRow, foldPair, isSelective, passes } from './fold.ts'
import { mergeChanges, type PairChanges } from './merge-changes.ts'
import { READ_POLICY } from './read-policy.ts'
import { RowStream } from './row-stream.ts'

/** Where a page of a diff ended. */
export interface DiffPosition {
  machineId: string
  kbId: string
  /** In `events`: the last change shown of that pair. */
  snapshotId?: string | undefined
}

/** A snapshot whose changes are read; its row may know in which buckets there are none. */
export type DiffSnapshot = Pick<Snapshot, 'snapshotId' | 'changedBuckets' | 'appeared' | 'resolved'>

export interface Diff {
  /** The snapshots after `from`, up to and with `to`, oldest first. */
  snapshots: readonly DiffSnapshot[]
  toSnapshotId: string
  mode: DiffMode
  filter: DiffFilter
  after?: DiffPosition | undefined
  /** About how many rows will be taken: how far to read ahead. Infinity for all. */
  rowsWanted: number
}

/**
 * The rows of a diff in order: by bucket and row key, which is by machine and KB (and snapshot, in `events`).
 * Reads the partitions of changes between the ends and nothing else, in parallel and a bounded way ahead of the consumer.
 * Throws a `ChangesGoneError` where changes that were made are not there any more.
 */
export async function* diffRows(source: ChangeSource, diff: Diff): AsyncGenerator<Batch<DiffRow, DiffPosition>> {
  const inTurn = pLimit(READ_POLICY.requestsAtOnce)
  const plan = planReading(diff)
  const ahead: RowStream<Change>[][] = []
  const buckets = [...plan.buckets]
  try {
    while (ahead.length > 0 || buckets.length > 0) {
      for (const bucket of buckets.splice(0, plan.bucketsAhead - ahead.length))
        ahead.push(openBucket(source, diff, bucket, inTurn, plan.pageSize))
      for await (const pairs of mergeChanges(ahead.shift() ?? [])) yield toBatch(pairs, diff)
    }
  } finally {
    // Whoever wanted the rows may have gone: no further read is begun.
    inTurn.clearQueue()
  }
}

function toBatch(pairs: readonly PairChanges[], { mode, toSnapshotId, filter }: Diff): Batch<DiffRow, DiffPosition> {
  const rows = pairs.flatMap((pair) => foldPair(mode, pair, toSnapshotId)).filter((row) => passes(row, filter))
  const last = pairs.at(-1)?.at(-1)
  return { rows, looked: pairs.reduce((sum, pair) => sum + pair.length, 0), at: last && diffPositionOf(last, mode) }
}

/** Where a page ends whose last row is a change. */
export function diffPositionOf(
  { machineId, kbId, snapshotId }: Pick<Change, 'machineId' | 'kbId' | 'snapshotId'>,
  mode: DiffMode,
): DiffPosition {
  return mode === 'events' ? { machineId, kbId, snapshotId } : { machineId, kbId }
}

/** The most changes that a diff may have to read, as its snapshots counted them. */
export function changesToRead({ snapshots, filter }: Pick<Diff, 'snapshots' | 'filter'>): number {
  if (filter.machineId !== undefined) return 0
  return snapshots.reduce((sum, { appeared, resolved }) => sum + appeared + resolved, 0)
}

/** The snapshots that may have changes in a bucket: nobody is asked about the others. */
const changedIn = (snapshots: readonly DiffSnapshot[], bucket: string) =>
  snapshots.filter(({ changedBuckets }) => changedBuckets === null || changedBuckets.includes(bucket))

export function planReading({ snapshots, filter, after, rowsWanted }: Pick<Diff, 'snapshots' | 'filter' | 'after' | 'rowsWanted'>) {
  const first = after ? BUCKETS.indexOf(bucketOf(after.machineId)) : 0
  const inQuestion = filter.machineId === undefined ? BUCKETS.slice(first) : [bucketOf(filter.machineId)]
  const streamsOf = (bucket: string) => changedIn(snapshots, bucket).length
  const buckets = inQuestion.filter((bucket) => streamsOf(bucket) > 0)
  const streams = Math.max(1, ...buckets.map(streamsOf))
  const rowsToRead = isSelective(filter) ? Math.max(rowsWanted, READ_POLICY.largestPage) : rowsWanted
  const wanted = Math.max(2, Math.ceil(rowsToRead / READ_POLICY.rowsOfBucket))
  const bucketsAhead = Math.max(1, Math.min(wanted, Math.floor(READ_POLICY.streamsAhead / streams)))
  const fair = Math.floor(READ_POLICY.bufferedRows / (streams * bucketsAhead))
  const pageSize = Math.min(READ_POLICY.largestPage, rowsToRead + 1, Math.max(READ_POLICY.smallestPage, fair))
  return { buckets, bucketsAhead, pageSize }
}

function openBucket(source: ChangeSource, diff: Diff, bucket: string, inTurn: LimitFunction, pageSize: number): RowStream<Change>[] {
  const { filter, after } = diff
  const isFirst = after !== undefined && bucket === bucketOf(after.machineId)
  return changedIn(diff.snapshots, bucket).map((snapshot) => {
    const { snapshotId } = snapshot
    const range: ChangeRange = {
      snapshotId,
      bucket,
      pageSize,
      isChanged: madeChanges(snapshot),
      ...(isFirst && startAfter(after, snapshotId)),
      ...(filter.machineId !== undefined && { machineId: filter.machineId }),
    }
    const isWhole = filter.machineId === undefined && !isFirst
    const pages = source.pages(range)
    return new RowStream(isWhole && snapshot.changedBuckets !== null ? notEmpty(pages, snapshotId) : pages, inTurn, pageSize)
  })
}

/** A partition that was written and is empty was deleted: a diff without it would be short, and nobody would know. */
async function* notEmpty(pages: AsyncIterable<Change[], void>, snapshotId: string): AsyncGenerator<Change[], void> {
  let isEmpty = true
  for await (const page of pages) {
    if (page.length > 0) isEmpty = false
    yield page
  }
  if (isEmpty) throw new ChangesGoneError(snapshotId)
}

/** Later changes of the pair at which a page of `events` ended are still to come; earlier ones were shown. */
function startAfter(after: DiffPosition, snapshotId: string): { after: string } | { from: string } {
  const key = changeKey(after)
  return after.snapshotId === undefined || snapshotId <= after.snapshotId ? { after: key } : { from: key }
}
