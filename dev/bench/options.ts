import { parseArgs } from 'node:util'

export interface BenchOptions {
  names: readonly string[]
  write: boolean
}

/** Names of benchmarks, all if there are none, and `--write`. Ends the process with the names that there are when one is unknown. */
export function readOptions(argv: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: { write: { type: 'boolean', default: false } } })
  const unknown = positionals.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    console.error(`There is no benchmark named ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
    process.exit(2)
  }
  return { names: positionals.length > 0 ? positionals : known, write: values.write }
}
