import { setTimeout as sleep } from 'node:timers/promises'
import { RestError } from '@azure/data-tables'
import { redactError } from '../redact-error.ts'
import type { AdditionalPolicy } from './transaction-status.ts'

type SendRequest = AdditionalPolicy['policy']['sendRequest']
type PipelineResponse = Awaited<ReturnType<SendRequest>>

/** As many as the SDK makes for answers that are lost as a whole. */
const ATTEMPTS = 7

/**
 * Asks again where an answer came in part: a body that ends early, JSON that cannot be read, a list without a body (which would read as an
 * empty one), a transaction without its last boundary. The SDK repeats for none of these. A write that was done is done again, as after
 * an answer that was lost.
 */
export const wholeAnswer = (delayMs: number): AdditionalPolicy => ({
  // Around the reading of the body, which is around the SDK's own repeats.
  position: 'perCall',
  policy: {
    name: 'wholeAnswer',
    sendRequest: async (request, next) => {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        if (attempt > 1) await sleep(delayMs * (attempt - 1))
        const response = await readWhole(next(request))
        if (response) return response
      }
      throw new RestError(`the storage answered ${ATTEMPTS} times in part`, { code: 'TruncatedAnswer', request })
    },
  },
})

async function readWhole(sent: Promise<PipelineResponse>): Promise<PipelineResponse | undefined> {
  try {
    const response = await sent
    return isWhole(response) ? response : undefined
  } catch (error) {
    if (error instanceof RestError && error.code === RestError.PARSE_ERROR) return undefined
    throw error
  }
}

function isWhole({ request, status, headers, bodyAsText }: PipelineResponse): boolean {
  if (request.method === 'GET' && status === 200) return (bodyAsText ?? '') !== ''
  const boundary = /boundary=([^;\s"]+)/.exec(headers.get('content-type') ?? '')?.[1]
  return status !== 202 || boundary === undefined || (bodyAsText ?? '').includes(`--${boundary}--`)
}

/** Errors of the storage leave the client without addresses and signatures in them: nobody who logs or passes one on has to think of it. */
export const redactErrors: AdditionalPolicy = {
  position: 'perCall',
  policy: {
    name: 'redactErrors',
    sendRequest: async (request, next) => {
      try {
        return await next(request)
      } catch (error) {
        throw redactError(error)
      }
    },
  },
}
