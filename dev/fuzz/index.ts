import { readOptions } from './options.ts'
import { runCases } from './run-cases.ts'

/** How many cases are between two lines that say how far it is. */
const TELL_EVERY = 500

/**
 * `npm run fuzz -- [--seed N] [--cases N] [--case N] [--kinds answers|rows|all]`: answers of Defender and rows of the tables that are not
 * what they should be, and what must hold whatever they are. Prints each case that fails, as small as it gets; exit code 1 then.
 */
export async function fuzz(argv: readonly string[]): Promise<void> {
  const { seed, cases, only, kinds } = readOptions(argv)
  const indexes = only === undefined ? Array.from({ length: cases }, (_, index) => index) : [only]
  const failures = await runCases({
    seed,
    kinds,
    indexes,
    onCase(index, failure) {
      if (failure) console.error(`\n${failure.text}\n`)
      if ((index + 1) % TELL_EVERY === 0) console.log(`${index + 1} cases`)
    },
  })
  console.log(failures.length === 0 ? `all ${indexes.length} cases of seed ${seed} hold` : `${failures.length} cases of seed ${seed} fail`)
  process.exitCode = failures.length === 0 ? 0 : 1
}
