import type { Behaviour } from '../../dev/table-service/index.ts'

/** The SDK waits for `Retry-After` in real time. */
export const RETRY_AT_ONCE = { retryAfterSeconds: 0 } satisfies Partial<Behaviour>

const DISTURBED = { ...RETRY_AT_ONCE, pageEndsAtPartition: true, scannedRowsPerPage: 7, emptyPages: 0.1 } satisfies Partial<Behaviour>

/** What a table service may do to a request in passing. */
export const DISTURBANCES: Record<string, Partial<Behaviour>> = {
  'that is busy now and then, for requests and within transactions': { ...DISTURBED, faults: { serverBusy: 0.05, serverBusyInside: 0.05 } },
  'that loses answers after it did what was asked': { ...DISTURBED, faults: { responseLost: 0.04, timedOutAfterSuccess: 0.04 } },
  'that cuts connections and fails': { ...DISTURBED, faults: { connectionReset: 0.04, internalError: 0.04 } },
}

export const CALM = { faults: {}, emptyPages: 0 } satisfies Partial<Behaviour>
