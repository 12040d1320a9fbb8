import type { FaultKind } from './fault.ts'

/** What one answer may hold. */
export interface AnswerLimits {
  readonly bytes: number
  readonly rows: number
  readonly values: number
  readonly depth: number
}

/** How Defender is called. What is not documented by Microsoft is marked [R] reported or [G] guessed. */
export const DEFENDER_POLICY = {
  /** One call, body included. [G] Nothing slow was reported of getmissingkbs; machine lists have been [R]. */
  callTimeoutMs: 30_000,
  /** A file of an export that sends nothing for so long. [G] */
  fileIdleTimeoutMs: 30_000,
  /** A managed identity or Microsoft Entra answers in less than a second; Azure CLI may take ten. */
  tokenTimeoutMs: 30_000,
  /** A token is replaced this long before it expires; it lasts an hour or more. */
  tokenMarginMs: 300_000,
  /** [R] Wrong 404s for machines that exist went away at the second or third try. */
  retriesInSlice: 3,
  /** A 404 is believed, of a machine or of the whole list, when it comes this many times: single ones are known to be wrong. */
  notFoundTimes: 3,
  /** Once more when all other machines are done: minutes or hours later. */
  retriesAtEnd: 1,
  /** A slice lasts 45 s, so a longer wait is better spent on other machines. */
  firstRetryDelayMs: 500,
  longestRetryDelayMs: 4_000,
  /** Wait after a 429 that does not say how long; the minute's quota is over then, and the hour's answers 429 again: https://learn.microsoft.com/defender-endpoint/api/common-errors */
  throttledSeconds: 60,
  /** An hour's quota comes back bit by bit, so a quarter of an hour is enough to go on with. */
  hourlyThrottledSeconds: 900,
  /** After a slice that found no token: the next minute's tick asks again. */
  identityRetrySeconds: 30,
  /** So many different machines on end without any answer are no trouble of their own: the slice stops, and the next minute's tick asks again. */
  failuresOnEnd: 10,
  failuresRetrySeconds: 30,
  /** So many different machines refused, and one that has answered before is asked whether the app is. */
  refusedMachines: 5,
  /** Where no machine has ever answered, so many refused, and none that is answered, are the app's. */
  refusedWithoutWitness: 25,
  /** Retry-After is in whole seconds, perhaps cut: one more is certain. */
  retryAfterMarginSeconds: 1,
  /** No window of Defender's is longer than an hour; a longer Retry-After is a mistake that must not stop the app for good. */
  longestRetryAfterSeconds: 86_400,
  /**
   * What an answer may hold, all its pages together; more is no answer. `bytes` and `rows` as they come, `values` of any kind with `depth`
   * levels around them: those decide what decoding costs, and the text alone tells them.
   */
  answers: {
    /** Far above what can be kept: that may come with escapes, duplicates and attributes that nobody reads. */
    missingKbs: { bytes: 16 * 1024 * 1024, rows: 50_000, values: 1_000_000, depth: 32 },
    /** A page of 10,000 machines, the most there is, has about 10 MB: https://learn.microsoft.com/defender-endpoint/api/get-machines */
    listMachines: { bytes: 32 * 1024 * 1024, rows: 10_000, values: 1_000_000, depth: 32 },
    machine: { bytes: 1024 * 1024, rows: 1, values: 100_000, depth: 32 },
    /** [G] Addresses of 1 KB: at least one a group. */
    vulnerabilityExport: { bytes: 16 * 1024 * 1024, rows: 100_000, values: 200_000, depth: 32 },
  } satisfies Record<string, AnswerLimits>,
  largestErrorBodyBytes: 64 * 1024,
  /** The store takes no larger answer: some 1,700 KBs that are new all at once. [G] No machine is known to miss more than a few hundred. */
  largestAnswerCharacters: 450_000,
  kbsOfATransaction: 98,
  /** [G] No answer to getmissingkbs has ever been seen in pages. */
  mostPages: 100,
} as const

/** What each status means for the caller; the first row that covers it counts. Never decide on the body's code: a live 429 had code "429". */
const statusRows: readonly { from: number; to: number; kind: FaultKind }[] = [
  // Licence and consent trouble is a 401, too: "No Tvm license" [R].
  { from: 401, to: 401, kind: 'unauthorized' },
  { from: 403, to: 403, kind: 'forbidden' },
  // Machines that exist have been answered with ResourceNotFound now and then [R].
  { from: 404, to: 404, kind: 'transient' },
  { from: 408, to: 408, kind: 'transient' },
  { from: 429, to: 429, kind: 'throttled' },
  { from: 400, to: 499, kind: 'refused' },
  // Documented as temporary, with or without a body: https://learn.microsoft.com/defender-endpoint/api/common-errors
  { from: 500, to: 599, kind: 'transient' },
]

/** The kind of fault that an HTTP status other than 200 is. Redirects are not followed: they would carry the token along. */
export function faultKind(status: number): FaultKind {
  return statusRows.find(({ from, to }) => status >= from && status <= to)?.kind ?? 'transient'
}
