import { parseArgs } from 'node:util'
import { z } from 'zod'
import { grouped } from '../start/text.ts'
import { differencesOf, rowsOf } from './compare.ts'
import { startTenantServices, type TenantServices } from './services.ts'
import { takeAll, type Taken } from './take-all.ts'

const WEEK = 7 * 86_400_000
/** Before and after a Patch Tuesday: in the second look KBs come and go. */
const LOOKS = [Date.parse('2026-03-05T02:00:00Z'), Date.parse('2026-03-05T02:00:00Z') + 2 * WEEK]
const [FIRST = 0] = LOOKS

const count = z.coerce.number().int().min(1)
const options = z.object({
  tenants: count.default(50),
  machines: count.default(20),
  workers: count.default(3),
  kills: z.coerce.number().int().min(0).default(3),
})

/**
 * `npm run tenants -- --tenants 500 --machines 200 --workers 4`: takes a snapshot of that many tenants at once, by that many instances of the
 * app, each in a process of its own, over Azurite's queue; then again with every message sent twice and instances killed; and compares all rows
 * with those of one instance that nobody disturbed. Ends with exit code 1 where a row differs, or a snapshot did not complete.
 */
export async function tenants(argv: readonly string[]): Promise<void> {
  const shape = Object.fromEntries(Object.keys(options.shape).map((name) => [name, { type: 'string' as const }]))
  const { values } = parseArgs({ args: [...argv], options: shape })
  const { tenants, machines, workers, kills } = options.parse({ ...values })
  const services = await startTenantServices({ tenants, machines, latencyMs: 0, now: FIRST })
  try {
    const undisturbed = await told('one instance', services, { prefix: 'one', workers: 1, at: FIRST })
    const together = await told(`${workers} instances`, services, { prefix: 'many', workers, at: FIRST })
    const disturbed = await told(`${workers} instances, every message twice, ${kills} kills`, services, {
      ...{ prefix: 'hurt', workers, at: FIRST, copies: 2, kills, leaseSeconds: 20 },
    })
    const complete = [undisturbed, together, disturbed].every(
      ({ statuses }) => Object.values(statuses).reduce((sum, n) => sum + n, 0) === tenants && !statuses['none'] && !statuses['failed'],
    )
    const rows = await rowsOf(services, 'one')
    const differing = [await differencesOf(services, rows, 'many'), await differencesOf(services, rows, 'hurt')]
    console.log(`rows compared: ${grouped(rows.size)}; that differ: ${differing.map(({ length }) => length).join(' and ')}`)
    for (const key of differing.flat().slice(0, 10)) console.log(`  ${key}`)
    if (!complete || differing.flat().length > 0) process.exitCode = 1
  } finally {
    await services.close()
  }
}

async function told(what: string, services: TenantServices, given: Parameters<typeof takeAll>[1]): Promise<Taken> {
  const taken = await takeAll(services, given)
  const { wallMs, busyMs, sliceMs, slices, ignored, killed, statuses, transactions } = taken
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  console.log(
    `${what}: ${seconds(wallMs)}; ${grouped(slices)} slices of ${seconds(sliceMs)} in all, instances busy ${seconds(busyMs)}; ${killed} killed; ` +
      `ignored ${JSON.stringify(ignored)}; ended ${JSON.stringify(statuses)}; ${grouped(transactions)} table transactions`,
  )
  return taken
}
