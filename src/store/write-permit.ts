import { RestError, type TableClient } from '@azure/data-tables'
import type { AdditionalPolicy } from './transaction-status.ts'

/** The right to write, which may run out. */
export interface WritePermit {
  /** Asked before a write. Makes sure that there is time for it; throws when the right is gone. */
  ensureHeld(): Promise<void>
  /** Asked before each attempt to send it, the SDK's repeats too. Throws when the attempt might arrive after the right is gone. */
  requireHeld(): void
}

/**
 * The longest that one attempt may be on its way. The service gives up on a request after 30 s itself; without a limit, one that a dead
 * connection holds would be waited for as long as the kernel repeats it.
 * https://learn.microsoft.com/rest/api/storageservices/setting-timeouts-for-table-service-operations
 */
export const ATTEMPT_TIMEOUT_MS = 30_000

/** Asks the permit before every attempt of this client to write. The client must not be used by anyone else. */
export function permitted(client: TableClient, permit: WritePermit): TableClient {
  const policy: AdditionalPolicy['policy'] = {
    name: 'writePermit',
    sendRequest: (request, next) => {
      if (request.method !== 'GET') permit.requireHeld()
      return next(request)
    },
  }
  // Behind the phase in which the SDK repeats.
  client.pipeline.addPolicy(policy, { afterPhase: 'Retry' })
  return client
}

/** Ends an attempt that takes too long as one that timed out, which the SDK repeats. */
export function attemptTimeout(milliseconds: number): AdditionalPolicy {
  return {
    position: 'perRetry',
    policy: {
      name: 'attemptTimeout',
      sendRequest: async (request, next) => {
        request.timeout = milliseconds
        try {
          return await next(request)
        } catch (error) {
          if (!(error instanceof Error) || error.name !== 'AbortError' || request.abortSignal?.aborted) throw error
          throw Object.assign(new RestError(`no answer within ${milliseconds} ms`, { code: 'ETIMEDOUT', request }), { cause: error })
        }
      },
    },
  }
}
