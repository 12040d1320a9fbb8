/** How the feed reads: what one answer may cost, whatever the fleet. */
export const FEED_POLICY = {
  /** Rows of a page when the caller does not say: about 2 MB of JSON, which Power Query takes in one second. It may be exceeded by less than a storage page. */
  pageRows: 5_000,
  /** The longest page that a caller may ask for. */
  longestPage: 20_000,
  /** Rows looked at for one page; the page then ends, short or empty, with a link: 60 requests to storage, one to three seconds. */
  scannedRows: 60_000,
  /** Requests to storage for one page, for those that bring few rows. */
  scannedPages: 200,
  /** Rows looked at to count or to sort, which have no pages: more is refused. */
  scannedAtOnce: 100_000,
  /** Rows of a sorted answer, which is one page. */
  sortedRows: 20_000,
  /** Stretches read side by side: enough to hide the latency of storage, few enough not to be throttled. */
  stretchesAtOnce: 8,
  /**
   * Rows aimed at in one stretch. A storage page has 1,000 (https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination),
   * and stretches are not all alike: with this aim hardly one takes a second request for its last few rows.
   */
  stretchRows: 850,
} as const
