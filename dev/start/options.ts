import { parseArgs } from 'node:util'
import { z } from 'zod'

/** What `npm start -- …` takes. */
export type StartOptions = DemoOptions | TenantOptions

/** A simulated fleet, on a simulated clock. */
export interface DemoOptions {
  kind: 'demo'
  /** End after the demo instead of serving. */
  once: boolean
  /** 0 is any free one. */
  port: number
  machines: number
  /** Weekly snapshots to take. */
  weeks: number
  /** Of the simulated fleet: the same seed gives the same history. */
  seed: number
}

/** The person's own tenant. */
export interface TenantOptions {
  kind: 'tenant'
  once: boolean
  port: number
  tenantId: string
}

export const demoDefaults = { machines: 300, weeks: 8, seed: 1 } as const

export const startHelp = `npm start                       a simulated fleet: takes weekly snapshots, shows what they hold, serves the API
npm start -- --tenant <id>      your own tenant, read with your own sign-in (az login)

  --once          end when that is done, with exit code 0 if all went well
  --port <n>      port of the HTTP API on 127.0.0.1 (7071; a free one with 0, or with --once)
  --machines <n>  machines of the simulated fleet (${demoDefaults.machines})
  --weeks <n>     weekly snapshots of it (${demoDefaults.weeks})
  --seed <n>      seed of it; the same one gives the same history (${demoDefaults.seed})`

const got = (value: unknown) => `got ${JSON.stringify(value)}`

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .transform((given, context) => {
      const number = /^\d{1,10}$/.test(given) ? Number(given) : NaN
      if (number >= least && number <= most) return number
      context.issues.push({ code: 'custom', message: `must be a whole number from ${least} to ${most}; ${got(given)}`, input: given })
      return z.NEVER
    })
    .optional()

const schema = z
  .object({
    once: z.boolean().default(false),
    port: wholeNumber(0, 65_535),
    tenant: z.guid({ error: ({ input }) => `must be the id of a tenant, a GUID; ${got(input)}` }).optional(),
    machines: wholeNumber(1, 100_000),
    weeks: wholeNumber(1, 520),
    seed: wholeNumber(0, 2 ** 32 - 1),
  })
  .superRefine(({ tenant, ...given }, context) => {
    const misplaced = (['machines', 'weeks', 'seed'] as const).filter((name) => tenant !== undefined && given[name] !== undefined)
    for (const name of misplaced)
      context.addIssue({ code: 'custom', path: [name], message: 'belongs to the simulated fleet, not to --tenant' })
  })
  .transform(({ once, port, tenant, machines, weeks, seed }): StartOptions => {
    // 7071 is the port of `func start`; a run that ends by itself needs none that anybody knows.
    const common = { once, port: port ?? (once ? 0 : 7071) }
    if (tenant !== undefined) return { kind: 'tenant', ...common, tenantId: tenant.toLowerCase() }
    return {
      kind: 'demo',
      ...common,
      machines: machines ?? demoDefaults.machines,
      weeks: weeks ?? demoDefaults.weeks,
      seed: seed ?? demoDefaults.seed,
    }
  })

export type ParsedOptions = { kind: 'options'; options: StartOptions } | { kind: 'help' } | { kind: 'problem'; detail: string }

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const accepted = { once: flag, help: flag, machines: text, weeks: text, seed: text, port: text, tenant: text }

const describe = ({ issues }: z.ZodError) => issues.map(({ path, message }) => `--${path.join('.')} ${message}.`).join('\n')

/** Reads the command line of `npm start`. */
export function parseStartOptions(args: string[]): ParsedOptions {
  try {
    const { help, ...values } = parseArgs({ args, options: accepted }).values
    if (help) return { kind: 'help' }
    const parsed = schema.safeParse(values)
    return parsed.success ? { kind: 'options', options: parsed.data } : { kind: 'problem', detail: describe(parsed.error) }
  } catch (error) {
    // parseArgs throws for an unknown option, and names it.
    return { kind: 'problem', detail: error instanceof Error ? error.message : String(error) }
  }
}
