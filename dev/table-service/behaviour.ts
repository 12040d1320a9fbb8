import { z } from 'zod'

/** What may go wrong with a request. */
export const FAULTS = [
  /** The connection is cut before anything is done. */
  'connectionReset',
  /** Everything is done, and the connection is cut instead of an answer. */
  'responseLost',
  /** 500 `InternalError`; nothing is done. */
  'internalError',
  /** Everything is done, and the answer is 500 `OperationTimedOut`. */
  'timedOutAfterSuccess',
  /** 503 with `Retry-After`; nothing is done. */
  'serverBusy',
  /**
   * The same, the way it comes for a transaction: 202, and the refusal inside, where no retry policy looks. Anything else gets a plain 503.
   * https://github.com/Azure/azure-sdk-for-net/issues/10314
   */
  'serverBusyInside',
  /** Everything is done, and half of the answer comes before the connection ends. */
  'brokenOff',
  /** Everything is done, and half of the answer comes as if it was all of it. */
  'halved',
] as const
export type Fault = (typeof FAULTS)[number]

const odds = z.number().min(0).max(1)
const rate = z.number().min(0)

const switches = z.strictObject({
  /** Entities a second, as the real targets count them: written or scanned. 0 is no limit. https://learn.microsoft.com/azure/storage/tables/scalability-targets */
  entitiesPerSecond: z.strictObject({ partition: rate, account: rate }),
  retryAfterSeconds: z.number().min(0),
  /** Rows a page looks at before it ends, as the five seconds do that a query may run. 0 is no limit. */
  scannedRowsPerPage: z.int().min(0),
  pageEndsAtPartition: z.boolean(),
  /** How likely a page is to come empty, with a continuation to where it began. */
  emptyPages: odds.max(0.99),
  /** How long the name of a deleted table stays taken. Some 40 s in the real service. */
  tableDeletionSeconds: z.number().min(0),
  /** How likely each mishap is, of any request; the sum is at most 1. */
  faults: z.partialRecord(z.enum(FAULTS), odds),
})

/** Switches of the service. The defaults are a service without load and without mishaps. */
export type Behaviour = z.output<typeof switches>

/** Switches as they come over HTTP or from the command line. */
export const behaviourSchema = switches.partial().transform((change) => change as Partial<Behaviour>)

export const UNDISTURBED: Behaviour = {
  entitiesPerSecond: { partition: 0, account: 0 },
  retryAfterSeconds: 1,
  scannedRowsPerPage: 0,
  pageEndsAtPartition: false,
  emptyPages: 0,
  tableDeletionSeconds: 0,
  faults: {},
}

/** The targets of the real service, and its habits of paging. */
export const REAL_LIMITS: Partial<Behaviour> = {
  entitiesPerSecond: { partition: 2_000, account: 20_000 },
  pageEndsAtPartition: true,
  tableDeletionSeconds: 40,
}

/** The mishap that befalls a request, drawn with one number in [0, 1). */
export function drawFault(faults: Behaviour['faults'], drawn: number): Fault | undefined {
  let upTo = 0
  for (const fault of FAULTS) {
    upTo += faults[fault] ?? 0
    if (drawn < upTo) return fault
  }
  return undefined
}
