import { FeedError } from '../feed-error.ts'
import type { FeedRow } from '../filter/bind-filter.ts'
import { inOrder, isRequest } from './in-order.ts'
import { FEED_POLICY } from './policy.ts'
import type { Section } from './section.ts'

export type Purpose = 'Sorting' | 'Counting' | 'Addressing'

/** Every row that a test takes, in key order; 501 where that means to look at more than the policy allows. */
export async function* readAll(sections: Iterable<Section>, test: (row: FeedRow) => boolean, purpose: Purpose): AsyncGenerator<FeedRow> {
  // Only rows that are sorted are in memory together.
  const mostRows = purpose === 'Sorting' ? FEED_POLICY.sortedRows : Infinity
  let scanned = 0
  let requests = 0
  for await (const page of inOrder(sections[Symbol.iterator](), () => FEED_POLICY.sectionsAtOnce)) {
    scanned += page.scanned
    requests += Number(isRequest(page))
    if (scanned > mostRows) throw tooMuch(purpose, `looks at ${mostRows} rows`)
    if (requests > FEED_POLICY.requestsAtOnce) throw tooMuch(purpose, `makes ${FEED_POLICY.requestsAtOnce} requests to the storage`)
    for (const row of page.rows) {
      if (test(row)) yield row
    }
  }
}

function tooMuch(purpose: Purpose, limit: string): FeedError {
  return new FeedError('TooManyRows', `${purpose} ${limit} at most, and would need more here; narrow the request by keys or by time.`)
}
