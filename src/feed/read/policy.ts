/** How the feed reads: what one answer may cost, whatever the fleet. */
export const FEED_POLICY = {
  /** Rows of a page when the caller does not say: about 2 MB of JSON, which Power Query takes in one second. It may be exceeded by less than a storage page. */
  pageRows: 5_000,
  /** The longest page that a caller may ask for, and that of a sorted answer when the caller does not say. */
  longestPage: 20_000,
  /** Rows looked at for one page; the page then ends, short or empty, with a link: 60 requests to storage, one to three seconds. */
  scannedRows: 60_000,
  /** Requests to storage for one page, for those that bring few rows. */
  requestsPerPage: 200,
  /** Rows looked at to sort, anew for each page: they are in memory together. More is refused. */
  sortedRows: 100_000,
  /**
   * Requests to storage to sort or to count, which cannot go on in another page: more is refused. One that brings a few rows takes 10 to
   * 20 ms, so eight at a time end within five seconds. A count holds no rows and has no other limit: when every request brings a full
   * page it ends after two million rows, which take a minute or two. The platform ends a request after 230 s
   * (https://learn.microsoft.com/azure/azure-functions/functions-scale).
   */
  requestsPerWholeRead: 2_000,
  /**
   * What a filter is taken to have let through before anything was seen: one row of eight. With that, a page of the usual size is begun
   * with all the sections that may be read side by side, and a `$top` of up to a hundred with one. The first storage page outweighs it.
   * That it has a match at all keeps the share above 0, where a filter takes nothing.
   */
  filterPrior: { matched: 1, scanned: 8 },
  /** Sections read side by side: enough to hide the latency of storage, few enough not to be throttled. */
  sectionsAtOnce: 8,
  /**
   * Rows aimed at in one section. A storage page has 1,000 (https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination),
   * and sections are not all alike: with this aim hardly one takes a second request for its last few rows.
   */
  sectionRows: 850,
} as const
