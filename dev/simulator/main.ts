import { parseArgs } from 'node:util'
import { z } from 'zod'
import { parseJson } from '../../src/parse-json.ts'
import { instant } from './control-routes.ts'
import { faultsSchema } from './faults.ts'
import { MAX_PAGE } from './machine-routes.ts'
import { startClock } from './moving-clock.ts'
import { startSimulator, TENANT_ID } from './simulator.ts'
import { WORLD } from './world.ts'

/**
 * The simulator in a process of its own: `node --import tsx dev/simulator/main.ts --machines 300`. Prints one line of JSON, with `url` and
 * `environment`, when it listens. Its clock stands still at `--now` until `POST /simulator/now` moves it; `--speed 1` lets it run like the
 * wall clock.
 */
const limits = z.object({ perMinute: z.number(), perHour: z.number() }).exactOptional()
const json = z.string().transform(parseJson)

const settings = z.object({
  seed: z.coerce.number().int().default(1),
  machines: z.coerce.number().int().min(0).default(300),
  port: z.coerce.number().int().default(0),
  now: instant.optional(),
  speed: z.coerce.number().min(0).default(0),
  start: z.coerce.date().default(WORLD.defaultStart),
  upgrades: z.coerce.number().min(0).max(1).default(0),
  tenant: z.string().default(TENANT_ID),
  latency: z.coerce.number().min(0).default(0),
  'page-size': z.coerce.number().int().min(1).default(MAX_PAGE),
  quota: z.union([z.literal('none'), json.pipe(z.strictObject({ machines: limits, missingKbs: limits }))]).default({}),
  faults: json.pipe(faultsSchema).default({}),
})

const options = Object.fromEntries(Object.keys(settings.shape).map((name) => [name, { type: 'string' as const }]))
const { now, speed, tenant, latency, 'page-size': pageSize, ...given } = settings.parse({ ...parseArgs({ options }).values })
const simulator = await startSimulator({
  ...given,
  tenantId: tenant,
  latencyMs: latency,
  pageSize,
  ...startClock(now ?? given.start.getTime(), speed),
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close().then(() => process.exit(0)))
console.log(JSON.stringify({ url: simulator.url, environment: simulator.environment, tenantId: simulator.tenantId }))
