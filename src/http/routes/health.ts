import { z } from 'zod'
import { unverifiedDetail, type Verification } from '../../domain/index.ts'
import { describeProblems } from '../../edge/refusal.ts'
import { readHealth } from '../../edge/read-health.ts'
import { defineAppRoute } from '../define-route.ts'
import { appQuery } from '../parameter.ts'
import { verificationSchema } from '../shapes/sample.ts'
import { count, instant } from '../shapes/values.ts'

const tenants = z
  .object({ ok: count, stale: count, blocked: count, starting: count, disabled: count, unverified: count })
  .optional()
  .describe('Of an app that reads many tenants: how many stand how, and how many exports are not what Defender itself says.')
const always = {
  version: z.string(),
  lastTickAt: instant.nullable().describe('When the timer last ran; null if it is not known.'),
  tenants,
  export: verificationSchema.optional(),
}
const healthy = z.object({
  status: z.literal('ok'),
  detail: z.string().optional().describe('Where the export is not verified.'),
  ...always,
})
const unhealthy = z.object({ status: z.enum(['stale', 'blocked', 'starting']), detail: z.string(), ...always })

/** Snapshots are taken, so all is well with the app: what is not verified is told, and wakes nobody. */
function adviceOf(verification: Verification | undefined): { detail?: string } {
  const detail = verification && unverifiedDetail(verification)
  return detail === undefined ? {} : { detail }
}

/** Whoever watches health waits a few seconds, and the storage is given up as dead only after minutes of attempts. */
const READ_LIMIT_MS = 10_000

/** The route, with the time that it gives the storage to answer. */
export const createHealthRoute = (readLimitMs: number) =>
  defineAppRoute({
    name: 'health',
    method: 'GET',
    path: 'health',
    summary: 'Whether snapshots are taken. Names no tenant, machine or KB.',
    authLevel: 'anonymous',
    query: appQuery({}),
    params: z.strictObject({}),
    responses: { 200: healthy, 503: unhealthy },
    async handle(services) {
      const { health, ...more } = await readHealth(services, readLimitMs)
      const { version } = services
      return health.status === 'ok'
        ? { status: 200, json: { ...health, ...adviceOf(more.export), version, ...more } }
        : { status: 503, json: { ...health, version, ...more } }
    },
    handleBroken: ({ problems, version }) => ({
      status: 503,
      json: { status: 'blocked' as const, detail: describeProblems(problems), version, lastTickAt: null },
    }),
  })

export const healthRoute = createHealthRoute(READ_LIMIT_MS)
