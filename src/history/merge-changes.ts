import TinyQueue from 'tinyqueue'
import type { Change } from '../domain/index.ts'
import { changeKey } from '../store/index.ts'
import type { RowStream } from './row-stream.ts'

/** All changes of one machine and KB within a range of snapshots, oldest first; never empty. */
export type PairChanges = [Change, ...Change[]]

/** The next row of one snapshot's changes. */
interface Head {
  row: Change
  key: string
  stream: RowStream<Change>
  /** The snapshot's place in time. */
  order: number
}

/** By pair, and within a pair by time. */
const byKeyThenTime = (a: Head, b: Head) => (a.key === b.key ? a.order - b.order : a.key < b.key ? -1 : 1)

/**
 * Merges the streams of one bucket, one a snapshot and in their order, into pairs in key order. Each stream is sorted.
 * Yields as many pairs at a time as the rows in hand allow.
 */
export async function* mergeChanges(streams: readonly RowStream<Change>[]): AsyncGenerator<PairChanges[]> {
  const heads = new TinyQueue<Head>([], byKeyThenTime)
  const filled = await Promise.all(streams.map((stream) => stream.fill()))
  streams.forEach((stream, order) => {
    if (filled[order]) pushHead(heads, stream, order)
  })
  const pairs = new PairCollector()
  while (heads.length > 0) {
    const drained = takeRowsInHand(heads, pairs)
    const complete = pairs.takeComplete()
    if (complete.length > 0) yield complete
    if (drained && (await drained.stream.fill())) pushHead(heads, drained.stream, drained.order)
  }
  const last = pairs.takeLast()
  if (last) yield [last]
}

/** Takes rows in order until one stream has none in hand: that one, whose next row may come before all others. */
function takeRowsInHand(heads: TinyQueue<Head>, pairs: PairCollector): Head | undefined {
  for (let head = heads.pop(); head; head = heads.pop()) {
    pairs.add(head)
    head.stream.take()
    if (!pushHead(heads, head.stream, head.order)) return head
  }
  return undefined
}

/** Puts a stream's next row in line; false when it has none in hand. */
function pushHead(heads: TinyQueue<Head>, stream: RowStream<Change>, order: number): boolean {
  const row = stream.head
  if (row) heads.push({ row, key: changeKey(row), stream, order })
  return row !== undefined
}

/** Puts rows that come in order together by their pair. */
class PairCollector {
  #complete: PairChanges[] = []
  #open: { key: string; pair: PairChanges } | undefined

  add({ key, row }: Head): void {
    if (this.#open?.key === key) {
      this.#open.pair.push(row)
      return
    }
    if (this.#open) this.#complete.push(this.#open.pair)
    this.#open = { key, pair: [row] }
  }

  /** The pairs that no further row belongs to. */
  takeComplete(): PairChanges[] {
    const complete = this.#complete
    this.#complete = []
    return complete
  }

  /** The pair that the last row belongs to. */
  takeLast(): PairChanges | undefined {
    return this.#open?.pair
  }
}
