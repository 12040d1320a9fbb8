import { FeedError } from '../feed-error.ts'
import type { FeedRow } from '../filter/value.ts'
import { FEED_POLICY } from './policy.ts'
import { readInOrder } from './read-in-order.ts'
import type { Scan } from './section.ts'

export type Purpose = 'Sorting' | 'Counting' | 'Addressing'

/** Every row that a test takes, in key order; 501 where that means to look at more than the policy allows. */
export async function* readAll(scan: Scan, test: (row: FeedRow) => boolean, purpose: Purpose): AsyncGenerator<FeedRow> {
  // Only rows that are sorted are in memory together.
  const mostRows = purpose === 'Sorting' ? FEED_POLICY.sortedRows : Infinity
  let scanned = 0
  let requests = 0
  for await (const step of readInOrder(scan, () => FEED_POLICY.sectionsAtOnce)) {
    if (step.kind === 'sectionEnd') continue
    scanned += step.scanned
    requests += 1
    if (scanned > mostRows) throw tooMuch(purpose, `looks at ${mostRows} rows`)
    if (requests > FEED_POLICY.requestsPerWholeRead)
      throw tooMuch(purpose, `makes ${FEED_POLICY.requestsPerWholeRead} requests to the storage`)
    for (const row of step.rows) {
      if (test(row)) yield row
    }
  }
}

function tooMuch(purpose: Purpose, limit: string): FeedError {
  return new FeedError('TooManyRows', `${purpose} ${limit} at most, and would need more here; narrow the request by keys or by time.`)
}
