import { parseArgs } from 'node:util'
import { z } from 'zod'

/** What `npm start -- …` takes. */
export interface StartOptions {
  /** End after the demo instead of serving. */
  once: boolean
  machines: number
  weeks: number
  /** Of the simulated fleet: the same seed gives the same history. */
  seed: number
  /** 0 is any free one. */
  port: number
  tenantId: string
}

export const startHelp = `npm start -- [options]
  --once          build the history, show what it holds, and end
  --machines <n>  machines of the simulated fleet (60)
  --weeks <n>     weeks of history to build (6)
  --seed <n>      seed of the simulated fleet (1)
  --port <n>      port of the HTTP API on 127.0.0.1 (7071, or a free one with --once or 0)
  --tenant <id>   tenant id, a GUID`

const count = (most: number) => z.coerce.number().int().min(1).max(most)

const schema = z.object({
  once: z.boolean().default(false),
  machines: count(100_000).default(60),
  weeks: count(520).default(6),
  seed: z.coerce.number().int().min(0).max(2 ** 32 - 1).default(1),
  port: z.coerce.number().int().min(0).max(65_535).optional(),
  tenant: z.guid().default('00000000-0000-4000-8000-00000000da7a'),
}).transform(({ tenant, port, ...options }): StartOptions => {
  // 7071 is the port of `func start`; a run that ends by itself needs none that anybody knows.
  return { ...options, tenantId: tenant, port: port ?? (options.once ? 0 : 7071) }
})

export type ParsedOptions = { kind: 'options'; options: StartOptions } | { kind: 'help' } | { kind: 'problem'; detail: string }

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const accepted = { once: flag, help: flag, machines: text, weeks: text, seed: text, port: text, tenant: text }

/** Reads the command line of `npm start`. */
export function parseStartOptions(args: string[]): ParsedOptions {
  try {
    const { help, ...values } = parseArgs({ args, options: accepted }).values
    if (help) return { kind: 'help' }
    const parsed = schema.safeParse(values)
    return parsed.success ? { kind: 'options', options: parsed.data } : { kind: 'problem', detail: z.prettifyError(parsed.error) }
  } catch (error) {
    // parseArgs throws for an unknown option, and names it.
    return { kind: 'problem', detail: error instanceof Error ? error.message : String(error) }
  }
}
