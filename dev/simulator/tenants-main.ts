import { parseArgs } from 'node:util'
import { z } from 'zod'
import { parseJson } from '../../src/parse-json.ts'
import { consent } from './consent.ts'
import { instant } from './control-routes.ts'
import { disagreementsSchema } from './export/disagreements.ts'
import { exportOptions } from './export/export-options.ts'
import { faultsSchema } from './faults.ts'
import { superseded } from './fleet.ts'
import { startClock } from './moving-clock.ts'
import { startSimulatedTenants } from './simulated-tenants.ts'
import { tenantIdOf } from './tenant-id.ts'
import { WORLD } from './world.ts'

/**
 * Many tenants in a process of their own: `node --import tsx dev/simulator/tenants-main.ts --tenants 500 --machines 200`, or `--tenants`
 * with a list in JSON. Prints one line of JSON when it listens: `url`, `authorityUrl`, `certificate`, `environment`, `clientId`,
 * `tenantIds`. Its clock stands still at `--now` until `POST /simulator/now` moves it; `--speed 1` lets it run like the wall clock.
 */
const limits = z.object({ perMinute: z.number(), perHour: z.number() }).exactOptional()
const classes = { machines: limits, missingKbs: limits, software: limits, export: limits }
const quota = z.union([z.literal('none'), z.strictObject(classes)])
const tenant = z.strictObject({
  tenantId: z.guid(),
  machines: z.number().int().min(0),
  upgrades: z.number().min(0).max(1).exactOptional(),
  quota: quota.exactOptional(),
  latencyMs: z.number().min(0).exactOptional(),
  faults: faultsSchema.exactOptional(),
  pageSize: z.number().int().min(1).exactOptional(),
  consent: consent.exactOptional(),
  roles: z.array(z.string()).readonly().exactOptional(),
  superseded: superseded.exactOptional(),
  export: exportOptions.exactOptional(),
  disagreements: disagreementsSchema.exactOptional(),
})

const settings = z.object({
  seed: z.coerce.number().int().default(1),
  tenants: z
    .string()
    .transform(parseJson)
    .pipe(z.union([z.number().int().min(0), z.array(tenant)]))
    .default(3),
  machines: z.coerce.number().int().min(0).default(200),
  'client-id': z.guid().default('aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'),
  port: z.coerce.number().int().default(0),
  now: instant.optional(),
  speed: z.coerce.number().min(0).default(0),
  start: z.coerce.date().default(WORLD.defaultStart),
  latency: z.coerce.number().min(0).default(0),
  quota: z.union([z.literal('none'), z.string().transform(parseJson).pipe(quota)]).default({}),
})

const options = Object.fromEntries(Object.keys(settings.shape).map((name) => [name, { type: 'string' as const }]))
const given = settings.parse({ ...parseArgs({ options }).values })
const { seed, start, port, machines, 'client-id': clientId } = given
const listed =
  typeof given.tenants === 'number'
    ? Array.from({ length: given.tenants }, (_, index) => ({ tenantId: tenantIdOf(index), machines }))
    : given.tenants
const tenants = await startSimulatedTenants({
  seed,
  start,
  port,
  clientId,
  latencyMs: given.latency,
  tenants: listed.map((tenant) => ({ quota: given.quota, ...tenant })),
  ...startClock(given.now ?? start.getTime(), given.speed),
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void tenants.close().then(() => process.exit(0)))
const { url, authorityUrl, certificate, environment, tenantIds } = tenants
console.log(JSON.stringify({ url, authorityUrl, certificate, environment, clientId, tenantIds }))
