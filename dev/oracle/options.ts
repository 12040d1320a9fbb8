import { parseArgs } from 'node:util'

export interface OracleOptions {
  /** One fleet and one history for each. */
  seeds: readonly number[]
  /** A snapshot a week, and some between. */
  weeks: number
  machines: number
}

const THREE_SEEDS = [1, 2, 3]

/** `--seed N --weeks N --machines N`; three seeds unless one is given. Ends the process with a message where they are none. */
export function readOptions(argv: readonly string[]): OracleOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: [...argv], options: { seed: text, weeks: text, machines: text } })
  return {
    seeds: values.seed === undefined ? THREE_SEEDS : [numberOf('seed', values.seed)],
    weeks: numberOf('weeks', values.weeks ?? '26'),
    machines: numberOf('machines', values.machines ?? '120'),
  }
}

function numberOf(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  console.error(`--${name} is a whole number.`)
  process.exit(2)
}
