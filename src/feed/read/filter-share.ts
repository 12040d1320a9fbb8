import { FEED_POLICY } from './policy.ts'

/**
 * The share of rows that a filter takes, estimated by those looked at so far: above 0 and below 1. It is the rule of succession: the rows
 * that `FEED_POLICY.filterPrior` takes for granted are counted among those that were seen.
 */
export function estimatedFilterShare({ scanned, matched }: { scanned: number; matched: number }): number {
  const prior = FEED_POLICY.filterPrior
  return (matched + prior.matched) / (scanned + prior.scanned)
}
