import { parseArgs } from 'node:util'

export interface BenchOptions {
  names: readonly string[]
  write: boolean
}

/**
 * Names of benchmarks, all if there are none, and `--write`, which takes none: the page is made of all of them. Ends the process with a
 * message when a name is unknown or in the way.
 */
export function readOptions(argv: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { write: { type: 'boolean', default: false } },
  })
  const unknown = positionals.filter((name) => !known.includes(name))
  if (unknown.length > 0) refuse(`There is no benchmark named ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
  if (values.write && positionals.length > 0) {
    refuse(
      `--write keeps the figures of all benchmarks in docs/benchmarks.md, so it takes no names: ${positionals.join(', ')} alone would replace the others.`,
    )
  }
  return { names: positionals.length > 0 ? positionals : known, write: values.write }
}

function refuse(message: string): never {
  console.error(message)
  process.exit(2)
}
