import { FeedError } from '../feed-error.ts'
import type { FeedRow } from '../filter/bind-filter.ts'
import { inOrder, isRequest } from './in-order.ts'
import { FEED_POLICY } from './policy.ts'
import type { Stretch } from './stretch.ts'

/** Every row that a test takes, in key order; 501 where that means to look at more than the policy allows. `what` names what it is for. */
export async function* readAll(stretches: Iterable<Stretch>, test: (row: FeedRow) => boolean, what: string): AsyncGenerator<FeedRow> {
  let scanned = 0
  let pages = 0
  for await (const page of inOrder(stretches[Symbol.iterator](), () => FEED_POLICY.stretchesAtOnce)) {
    scanned += page.scanned
    pages += Number(isRequest(page))
    if (scanned > FEED_POLICY.scannedAtOnce || pages > FEED_POLICY.scannedPages) {
      throw new FeedError('TooManyRows', `${what} is not supported over more than ${FEED_POLICY.scannedAtOnce} rows; narrow the request by keys or by time.`)
    }
    for (const row of page.rows) {
      if (test(row)) yield row
    }
  }
}
