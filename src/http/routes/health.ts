import { z } from 'zod'
import { type Health, healthOf } from '../../domain/index.ts'
import { healthRules } from '../../config/index.ts'
import { describeProblems } from '../../edge/refusal.ts'
import type { OpenTenant } from '../../open-tenant.ts'
import { describeError } from '../../redact-error.ts'
import { StoreError, UNREADABLE_TENANT } from '../../store/index.ts'
import { query } from '../parameter.ts'
import { defineRoute } from '../define-route.ts'
import { instant } from '../shapes/values.ts'

const always = { version: z.string(), lastTickAt: instant.nullable().describe('When the timer last ran; null if it is not known.') }
const healthy = z.object({ status: z.literal('ok'), ...always })
const unhealthy = z.object({ status: z.enum(['stale', 'blocked', 'starting']), detail: z.string(), ...always })

/** Whoever watches health waits a few seconds, and the storage is given up as dead only after minutes of attempts. */
const READ_LIMIT_MS = 10_000

/** The route, with the time that it gives the storage to answer. */
export const createHealthRoute = (readLimitMs: number) =>
  defineRoute({
    name: 'health',
    method: 'GET',
    path: 'health',
    summary: 'Whether snapshots are taken. Names no tenant, machine or KB.',
    authLevel: 'anonymous',
    query: query({}),
    params: z.strictObject({}),
    responses: { 200: healthy, 503: unhealthy },
    async handle(opened) {
      const { health, lastTickAt } = await readHealth(opened, readLimitMs)
      const { version } = opened
      return health.status === 'ok'
        ? { status: 200, json: { ...health, version, lastTickAt } }
        : { status: 503, json: { ...health, version, lastTickAt } }
    },
    handleBroken: ({ problems, version }) => ({
      status: 503,
      json: { status: 'blocked' as const, detail: describeProblems(problems), version, lastTickAt: null },
    }),
  })

export const healthRoute = createHealthRoute(READ_LIMIT_MS)

async function readHealth({ config, store, outside }: OpenTenant, limitMs: number): Promise<{ health: Health; lastTickAt: string | null }> {
  const limit = AbortSignal.timeout(limitMs)
  try {
    const now = outside.clock.now()
    const read = await store.tenant.get(limit)
    return { health: healthOf(read?.tenant, healthRules(config, now), now), lastTickAt: read?.tenant.lastTickAt || null }
  } catch (error) {
    const message = limit.aborted ? `no answer within ${limitMs} ms` : describeError(error)
    outside.log.error('health.failed', { message })
    const isUnreadable = error instanceof StoreError && error.code === UNREADABLE_TENANT
    const detail = isUnreadable ? "The tenant's own row in the table storage is damaged." : 'The table storage does not answer.'
    return { health: { status: 'blocked', detail: `${detail} The log says more.` }, lastTickAt: null }
  }
}
