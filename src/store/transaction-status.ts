import type { TableServiceClientOptions } from '@azure/data-tables'

/** What the SDK lets a client add to its requests. */
export type AdditionalPolicy = NonNullable<TableServiceClientOptions['additionalPolicies']>[number]

/**
 * The service answers a transaction that it could not carry out with 202 and the refusal inside:
 *
 *     HTTP/1.1 202 Accepted
 *
 *     --changesetresponse_…
 *     HTTP/1.1 503 Service Unavailable
 *
 * The SDK retries by the outer status, so a busy service would fail the first transaction it refuses. This gives the answer the
 * status of a refusal that passes (500, 503), where the SDK's retries see it, and its body, where the SDK looks for the code when it
 * gives up. Other refusals stay inside, where it reads their code.
 * https://github.com/Azure/azure-sdk-for-net/issues/10314
 */
export const transactionStatus: AdditionalPolicy = {
  position: 'perRetry',
  policy: {
    name: 'transactionStatus',
    sendRequest: async (request, next) => {
      const response = await next(request)
      const passing = response.status === 202 ? /^HTTP\/1\.1 (500|503)\b[^{]*(\{.*\})?/m.exec(response.bodyAsText ?? '') : null
      return passing ? { ...response, status: Number(passing[1]), bodyAsText: passing[2] ?? '' } : response
    },
  },
}
