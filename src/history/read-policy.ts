/** How a diff reads. A stream is one partition: one snapshot's changes in one bucket. */
export const READ_POLICY = {
  /** Requests under way at once: enough to hide the latency of storage, few enough not to be throttled. */
  requestsAtOnce: 32,
  /** Streams open at once, as long as the bucket in hand does not need more. */
  streamsAhead: 32,
  /** Rows expected of a bucket: as many buckets are opened ahead as give the rows wanted. */
  rowsOfBucket: 250,
  /** Rows in memory over all streams: more snapshots make smaller pages. A row takes about 1 KB. */
  bufferedRows: 40_000,
  smallestPage: 20,
  largestPage: 1000,
  /** Changes looked at for one page: a filter that matches little makes a short one, which goes on. */
  changesOfPage: 60_000,
  /**
   * Changes that an answer to its end can count on a second: buckets are read one after the other, and a partition gives 2,000 rows a second.
   * https://learn.microsoft.com/azure/storage/tables/scalability-targets-tables
   */
  changesPerSecond: 2_000,
  /** Seconds within which an answer has to end: the platform ends it after 230. https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout */
  secondsOfAnswer: 200,
  /** Groups of a summary, which are kept in memory: about 500 bytes each. */
  groups: 200_000,
} as const

/** Where keys lead from a machine to what is asked and not back, the machines' rows are looked through. */
export const SCAN_POLICY = {
  /** Machines looked at for one page: 20 requests of storage, whatever the fleet; the page may then be short, and go on. */
  machines: 20_000,
  /** Intervals looked up at once. */
  lookupsAtOnce: 16,
} as const
