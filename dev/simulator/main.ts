import { parseArgs } from 'node:util'
import { z } from 'zod'
import { parseJson } from '../../src/parse-json.ts'
import { instant } from './control-routes.ts'
import { disagreementsSchema } from './export/disagreements.ts'
import { exportOptions } from './export/export-options.ts'
import { faultsSchema } from './faults.ts'
import { superseded } from './fleet.ts'
import { MAX_PAGE } from './list-query.ts'
import { startClock } from './moving-clock.ts'
import { startSimulator, TENANT_ID } from './simulator.ts'
import { ROLES } from './tokens.ts'
import { WORLD } from './world.ts'

/**
 * The simulator in a process of its own: `node --import tsx dev/simulator/main.ts --machines 300`. Prints one line of JSON, with `url` and
 * `environment`, when it listens. Its clock stands still at `--now` until `POST /simulator/now` moves it; `--speed 1` lets it run like the
 * wall clock. `--copies-of 64 --machines 100000 --export '{"rowsPerMachine":620}'` is for a large export that costs little to make.
 */
const limits = z.object({ perMinute: z.number(), perHour: z.number() }).exactOptional()
const json = z.string().transform(parseJson)
const quota = z.strictObject({ machines: limits, missingKbs: limits, software: limits, export: limits })

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
  quota: z.union([z.literal('none'), json.pipe(quota)]).default({}),
  faults: json.pipe(faultsSchema).default({}),
  superseded: superseded.default('some'),
  'copies-of': z.coerce.number().int().min(1).optional(),
  roles: z
    .string()
    .transform((text) => text.split(','))
    .default([...ROLES]),
  export: json.pipe(exportOptions).default(exportOptions.parse({})),
  disagreements: json.pipe(disagreementsSchema).default({}),
})

const options = Object.fromEntries(Object.keys(settings.shape).map((name) => [name, { type: 'string' as const }]))
const {
  now,
  speed,
  tenant,
  latency,
  'page-size': pageSize,
  'copies-of': copiesOf,
  ...given
} = settings.parse({ ...parseArgs({ options }).values })
const simulator = await startSimulator({
  ...given,
  tenantId: tenant,
  latencyMs: latency,
  pageSize,
  ...(copiesOf !== undefined && { copiesOf }),
  ...startClock(now ?? given.start.getTime(), speed),
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close().then(() => process.exit(0)))
console.log(JSON.stringify({ url: simulator.url, environment: simulator.environment, tenantId: simulator.tenantId }))
