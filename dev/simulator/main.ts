import { parseArgs } from 'node:util'
import { z } from 'zod'
import { faultsSchema, instant } from './control-routes.ts'
import { startSimulator } from './simulator.ts'
import { WORLD } from './world.ts'

/**
 * The simulator in a process of its own: `node --import tsx dev/simulator/main.ts --machines 300`.
 * Every option may also come from the environment: `SIMULATOR_MACHINES=300`. Prints one line of JSON, with `url` and `environment`,
 * when it listens. Its clock stands still at `--now` until `POST /simulator/now` moves it; `--speed 1` lets it run like the wall clock.
 */
const limits = z.object({ perMinute: z.number(), perHour: z.number() })

const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' })
    return z.NEVER
  }
})

const settings = z.object({
  seed: z.coerce.number().int().default(1),
  machines: z.coerce.number().int().min(0).default(300),
  port: z.coerce.number().int().default(0),
  now: instant.optional(),
  speed: z.coerce.number().min(0).default(0),
  start: z.coerce.date().default(WORLD.defaultStart),
  tenant: z.string().optional(),
  latency: z.coerce.number().min(0).default(0),
  'page-size': z.coerce.number().int().min(1).optional(),
  quota: z
    .union([
      z.literal('none'),
      jsonText.pipe(z.strictObject({ machines: limits, missingKbs: limits }).partial().transform(withoutUndefined)),
    ])
    .optional(),
  faults: jsonText.pipe(faultsSchema).optional(),
})

function readSettings(argv: readonly string[], env: NodeJS.ProcessEnv) {
  const names = Object.keys(settings.shape)
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  const fromEnv = names.map((name) => [name, env[`SIMULATOR_${name.toUpperCase().replaceAll('-', '_')}`]]).filter(([, value]) => value)
  return settings.parse({ ...Object.fromEntries(fromEnv), ...parseArgs({ args: [...argv], options }).values })
}

/** Time that passes `speed` times as fast as the wall clock's, from a moment that can be set. */
function settableClock(from: number, speed: number) {
  let [base, setAt] = [from, Date.now()]
  return {
    now: () => base + (Date.now() - setAt) * speed,
    setNow: (now: number) => {
      ;[base, setAt] = [now, Date.now()]
    },
  }
}

/** An option that was not given must be absent, not undefined (exactOptionalPropertyTypes). */
function withoutUndefined<T extends object>(options: T) {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as { [Name in keyof T]: Exclude<T[Name], undefined> }
}

const settled = readSettings(process.argv.slice(2), process.env)
const { seed, machines, port, now, speed, start, tenant, latency, quota, faults, 'page-size': pageSize } = settled
const simulator = await startSimulator({
  seed,
  machines,
  port,
  start,
  latencyMs: latency,
  ...settableClock(now ?? start.getTime(), speed),
  ...withoutUndefined({ tenantId: tenant, quota, faults, pageSize }),
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close().then(() => process.exit(0)))
console.log(JSON.stringify({ url: simulator.url, environment: simulator.environment, tenantId: simulator.tenantId }))
