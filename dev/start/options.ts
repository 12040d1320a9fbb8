import { parseArgs } from 'node:util'
import { z } from 'zod'

/** What `npm start -- …` takes. */
export type StartOptions = DemoOptions | TenantOptions

interface CommonOptions {
  /** End when the snapshots are taken instead of serving. */
  once: boolean
  /** 0 is any free one. */
  port: number
}

/** A simulated fleet, on a simulated clock. */
export interface DemoOptions extends CommonOptions {
  kind: 'demo'
  machines: number
  /** Weekly snapshots to take. */
  weeks: number
  /** Of the simulated fleet: the same seed gives the same history. */
  seed: number
}

/** The person's own tenant. */
export interface TenantOptions extends CommonOptions {
  kind: 'tenant'
  tenantId: string
}

const demoDefaults = { machines: 300, weeks: 8, seed: 1 }

export const startHelp = `npm start                       a simulated fleet: takes weekly snapshots, shows what they hold, serves the API
npm start -- --tenant <id>      your own tenant, read with your own sign-in (az login)

  --once          end when that is done; the exit code is 1 if a snapshot failed
  --port <n>      port of the HTTP API on 127.0.0.1 (7071; a free one with 0, or with --once)
  --machines <n>  machines of the simulated fleet (${demoDefaults.machines})
  --weeks <n>     weekly snapshots of it (${demoDefaults.weeks})
  --seed <n>      seed of it; the same one gives the same history (${demoDefaults.seed})
  --version       the version, and nothing else
  -h, --help      this`

const ranges = { port: [0, 65_535], machines: [1, 100_000], weeks: [1, 520], seed: [0, 2 ** 32 - 1] } as const
type NumberName = keyof typeof ranges

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const accepted = {
  once: flag,
  help: { ...flag, short: 'h' },
  version: flag,
  machines: text,
  weeks: text,
  seed: text,
  port: text,
  tenant: text,
}

export type ParsedOptions =
  { kind: 'options'; options: StartOptions } | { kind: 'help' } | { kind: 'version' } | { kind: 'problem'; detail: string }

/** Reads the command line of `npm start`; every problem is told at once. */
export function parseStartOptions(args: string[]): ParsedOptions {
  try {
    const { help, version, once = false, tenant, ...given } = parseArgs({ args, options: accepted }).values
    if (help) return { kind: 'help' }
    if (version) return { kind: 'version' }
    const { numbers, problems } = readNumbers(given, tenant !== undefined)
    if (tenant !== undefined && !z.guid().safeParse(tenant).success)
      problems.unshift(`--tenant must be the id of a tenant, a GUID; got ${JSON.stringify(tenant)}.`)
    if (problems.length > 0) return { kind: 'problem', detail: problems.join('\n') }
    // 7071 is the port of `func start`; a run that ends by itself needs none that anybody knows.
    const { port = once ? 0 : 7071, ...fleet } = numbers
    const own = tenant === undefined ? undefined : { kind: 'tenant' as const, once, port, tenantId: tenant.toLowerCase() }
    return { kind: 'options', options: own ?? { kind: 'demo', once, port, ...demoDefaults, ...fleet } }
  } catch (error) {
    // parseArgs throws for an unknown option, names it in its first sentence, and goes on about what nobody asked.
    const [said = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
    return { kind: 'problem', detail: said.endsWith('.') ? said : `${said}.` }
  }
}

function readNumbers(given: Partial<Record<NumberName, string>>, isTenant: boolean) {
  const numbers: Partial<Record<NumberName, number>> = {}
  const problems: string[] = []
  for (const [name, value] of Object.entries(given) as [NumberName, string][]) {
    const [least, most] = ranges[name]
    const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN
    if (isTenant && name !== 'port') problems.push(`--${name} belongs to the simulated fleet, not to --tenant.`)
    else if (number >= least && number <= most) numbers[name] = number
    else problems.push(`--${name} must be a whole number from ${least} to ${most}; got ${JSON.stringify(value)}.`)
  }
  return { numbers, problems }
}
