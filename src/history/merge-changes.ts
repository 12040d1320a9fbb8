import type { Change } from '../domain/index.ts'
import { changeKey } from '../store/index.ts'
import { MinHeap } from './min-heap.ts'
import type { RowStream } from './row-stream.ts'

/** All changes of one machine and KB within a range of snapshots, oldest first; never empty. */
export type PairChanges = [Change, ...Change[]]

interface Lane {
  stream: RowStream<Change>
  /** The snapshot's place in time. */
  order: number
  key: string
}

/**
 * Merges the streams of one bucket, one a snapshot and in their order, into pairs in key order. Each stream is sorted.
 * Yields as many pairs at a time as the rows in hand allow.
 */
export async function* mergeChanges(streams: readonly RowStream<Change>[]): AsyncGenerator<PairChanges[]> {
  const lanes = new MinHeap<Lane>((a, b) => (a.key === b.key ? a.order - b.order : a.key < b.key ? -1 : 1))
  const filled = await Promise.all(streams.map((stream) => stream.fill()))
  streams.forEach((stream, order) => {
    if (filled[order]) lanes.push(laneOf(stream, order))
  })
  let open: { key: string; pair: PairChanges } | undefined
  while (lanes.size > 0) {
    const pairs: PairChanges[] = []
    let drained: Lane | undefined
    while (!drained) {
      const lane = lanes.pop()
      if (!lane) break
      const row = takeRow(lane)
      if (open?.key === lane.key) open.pair.push(row)
      else {
        if (open) pairs.push(open.pair)
        open = { key: lane.key, pair: [row] }
      }
      if (lane.stream.head) lanes.push(laneOf(lane.stream, lane.order))
      else drained = lane
    }
    if (pairs.length > 0) yield pairs
    if (drained && (await drained.stream.fill())) lanes.push(laneOf(drained.stream, drained.order))
  }
  if (open) yield [open.pair]
}

function laneOf(stream: RowStream<Change>, order: number): Lane {
  const row = stream.head
  return { stream, order, key: row ? changeKey(row) : '' }
}

function takeRow({ stream }: Lane): Change {
  const row = stream.head
  if (!row) throw new RangeError('a lane without a row was merged')
  stream.take()
  return row
}
