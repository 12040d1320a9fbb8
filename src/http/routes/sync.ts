import { z } from 'zod'
import { requestSnapshot } from '../../sync/index.ts'
import { query } from '../parameter.ts'
import { ProblemError, problemSchema } from '../problem.ts'
import { type ResponseHeaderDoc, retryAfterHeader } from '../response-header.ts'
import { defineRoute } from '../define-route.ts'
import { address, snapshotId } from '../shapes/values.ts'

/** The next tick takes the snapshot up, and the timer ticks every minute. */
const RETRY_AFTER_SECONDS = 60

const requested = z.object({ snapshotId, tenantId: z.string(), status: z.literal('pending'), statusUrl: address })

const active = problemSchema
  .extend({
    snapshotId: snapshotId.describe('The one that is pending or running.'),
    statusUrl: address.describe('Where its progress is told.'),
  })
  .describe('A snapshot is pending or running already.')

const location: ResponseHeaderDoc = {
  description: "The snapshot's address, as statusUrl.",
  required: true,
  schema: { type: 'string', format: 'uri' },
}

export const syncRoute = defineRoute({
  name: 'sync',
  method: 'POST',
  path: 'sync',
  summary: 'Asks for a snapshot; 409 while one is pending or running.',
  authLevel: 'function',
  query: query({}),
  params: z.strictObject({}),
  responses: { 202: requested, 409: active, 413: problemSchema, 422: problemSchema },
  responseHeaders: { 202: { Location: location, 'Retry-After': retryAfterHeader } },
  async handle({ tenantId, store, outside, config, isDisabled }, { links }) {
    if (isDisabled) throw new ProblemError('tenantDisabled', 'The tenant is disabled: PUT /api/tenants/{tenantId} enables it.')
    const request = await requestSnapshot(store, outside.clock.now(), config.source.kind)
    const statusUrl = links.ofTenant(`snapshots/${request.snapshotId}`)
    if (request.kind === 'active') {
      throw new ProblemError('snapshotActive', `The snapshot ${request.snapshotId} is pending or running.`, {
        snapshotId: request.snapshotId,
        statusUrl,
      })
    }
    return {
      status: 202,
      json: { snapshotId: request.snapshotId, tenantId, status: 'pending' as const, statusUrl },
      headers: { location: statusUrl, 'retry-after': String(RETRY_AFTER_SECONDS) },
    }
  },
})
