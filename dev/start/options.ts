import { parseArgs } from 'node:util'
import { z } from 'zod'

/** What `npm start -- …` takes. */
export type StartOptions = DemoOptions | ManyOptions | TenantOptions

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

/** Simulated customers in one app, on a simulated clock. */
export interface ManyOptions extends CommonOptions {
  kind: 'many'
  tenants: number
  /** Daily snapshots of each to take. */
  days: number
  seed: number
}

/** The person's own tenant. */
export interface TenantOptions extends CommonOptions {
  kind: 'tenant'
  tenantId: string
}

const demoDefaults = { machines: 300, weeks: 8, seed: 1 }

const manyDefaults = { days: 2 }

export const startHelp = `npm start                       a simulated fleet: takes weekly snapshots, shows what they hold, serves the API
npm start -- --tenants <n>      simulated customers in one app, over a queue: one refuses, one throttles; a line for each
npm start -- --tenant <id>      your own tenant, read with your own sign-in (az login)

  --once          end when that is done; the exit code is 1 if a snapshot failed
  --port <n>      port of the HTTP API on 127.0.0.1 (7071; a free one with 0, or with --once)
  --machines <n>  machines of the simulated fleet (${demoDefaults.machines})
  --weeks <n>     weekly snapshots of it (${demoDefaults.weeks})
  --days <n>      daily snapshots of the simulated customers (${manyDefaults.days})
  --seed <n>      seed of the simulated world; the same one gives the same history (${demoDefaults.seed})
  --version       the version, and nothing else
  -h, --help      this`

const ranges = {
  port: [0, 65_535],
  machines: [1, 100_000],
  weeks: [1, 520],
  days: [1, 100],
  tenants: [1, 200],
  seed: [0, 2 ** 32 - 1],
} as const
type NumberName = keyof typeof ranges

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const accepted = {
  once: flag,
  help: { ...flag, short: 'h' },
  version: flag,
  machines: text,
  weeks: text,
  days: text,
  tenants: text,
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
    const kind = tenant !== undefined ? 'tenant' : given.tenants !== undefined ? 'many' : 'demo'
    const { numbers, problems } = readNumbers(given, kind)
    if (tenant !== undefined && !z.guid().safeParse(tenant).success)
      problems.unshift(`--tenant must be the id of a tenant, a GUID; got ${JSON.stringify(tenant)}.`)
    if (problems.length > 0) return { kind: 'problem', detail: problems.join('\n') }
    return { kind: 'options', options: optionsOf(kind, once, numbers, tenant ?? '') }
  } catch (error) {
    // parseArgs throws for an unknown option, names it in its first sentence, and goes on about what nobody asked.
    const [said = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
    return { kind: 'problem', detail: said.endsWith('.') ? said : `${said}.` }
  }
}

type Numbers = Partial<Record<NumberName, number>>

function optionsOf(
  kind: StartOptions['kind'],
  once: boolean,
  { port = once ? 0 : 7071, ...numbers }: Numbers,
  tenant: string,
): StartOptions {
  // 7071 is the port of `func start`; a run that ends by itself needs none that anybody knows.
  const common = { once, port }
  if (kind === 'tenant') return { kind, ...common, tenantId: tenant.toLowerCase() }
  const { tenants = 1, days = manyDefaults.days, seed = demoDefaults.seed, ...fleet } = numbers
  return kind === 'many' ? { kind, ...common, tenants, days, seed } : { kind, ...common, ...demoDefaults, ...fleet, seed }
}

/** Whose the options are that are not everybody's. */
const OPTIONS_OF: Readonly<Record<StartOptions['kind'], readonly NumberName[]>> = {
  demo: ['port', 'machines', 'weeks', 'seed'],
  many: ['port', 'tenants', 'days', 'seed'],
  tenant: ['port'],
}

function readNumbers(given: Partial<Record<NumberName, string>>, kind: StartOptions['kind']) {
  const numbers: Numbers = {}
  const problems: string[] = []
  for (const [name, value] of Object.entries(given) as [NumberName, string][]) {
    const [least, most] = ranges[name]
    const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN
    if (!OPTIONS_OF[kind].includes(name)) problems.push(notOf(name, kind))
    else if (number >= least && number <= most) numbers[name] = number
    else problems.push(`--${name} must be a whole number from ${least} to ${most}; got ${JSON.stringify(value)}.`)
  }
  return { numbers, problems }
}

function notOf(name: NumberName, kind: StartOptions['kind']): string {
  if (kind === 'tenant')
    return `--${name} belongs to the simulated ${OPTIONS_OF.demo.includes(name) ? 'fleet' : 'customers'}, not to --tenant.`
  return kind === 'many' ? `--${name} belongs to the simulated fleet, not to --tenants.` : `--${name} belongs to --tenants.`
}
