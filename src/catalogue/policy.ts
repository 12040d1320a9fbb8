const HOUR_MS = 3_600_000
const TIMER_MARGIN_MS = 5 * 60_000
const MEBIBYTE = 1024 * 1024

/** What an answer may hold. Beyond these it is none. */
export interface AnswerLimits {
  readonly bytes: number
  /** Levels within one value that is taken. */
  readonly depth: number
  /** Values that are taken. */
  readonly values: number
  /** Of one of them; a longer one is left out, and counted. */
  readonly valueBytes: number
}

/** How the public sources are read. What is not documented by their publishers is marked [R] reported or [G] guessed. */
export const CATALOGUE_POLICY = {
  /** Once a day from this hour (UTC) on: Patch Tuesday's documents come at 17:00 or 18:00 and are complete some hours later [R]. */
  refreshHourUtc: 4,
  /** Documents a day, tried or read. A first fill of more takes days; no limit of the service is documented. */
  documentsADay: 24,
  /** No document is begun after this; the next hour goes on. The host ends an invocation after 10 minutes. */
  runMs: 4 * 60_000,
  /** Longer than any run: whoever was killed is succeeded after it. */
  claimMs: 10 * 60_000,
  /** One answer, body included. [R] A document has 20 MB. */
  answerMs: 150_000,
  /** Without a byte. */
  idleMs: 30_000,
  /** After the n-th failure on end; MSRC has answered 500 for hours [R]. The last one repeats. Somewhat less, so that no hour's timer is missed. */
  retryAfterMs: [1, 1, 2, 4, 8, 24].map((hours) => hours * HOUR_MS - TIMER_MARGIN_MS),
  /** A document with fewer KBs than this share of those it had is refused: on release days it came with Edge's alone [R]. */
  leastShareOfKbs: 0.5,
  /** Pages of 1,000 KBs that are looked through for months each day; of more tenants, each day others. */
  tenantPagesADay: 40,
  /** A document's KBs and vulnerabilities, as text: what a row holds. [G] A large month has 60,000. */
  largestContributionCharacters: 450_000,
  /** [G] Four times those of October 2026; they fit into a row. */
  mostKevEntries: 8_000,
  answers: {
    updates: { bytes: 4 * MEBIBYTE, depth: 8, values: 2_000, valueBytes: 16_384 },
    document: { bytes: 64 * MEBIBYTE, depth: 32, values: 200_000, valueBytes: 4 * MEBIBYTE },
    kev: { bytes: 16 * MEBIBYTE, depth: 8, values: 50_000, valueBytes: 65_536 },
  } satisfies Record<string, AnswerLimits>,
} as const

/** How long (ms) to wait after so many failures on end. */
export function retryDelayMs(failures: number): number {
  const delays = CATALOGUE_POLICY.retryAfterMs
  return delays[Math.min(Math.max(failures, 1), delays.length) - 1] ?? HOUR_MS
}
