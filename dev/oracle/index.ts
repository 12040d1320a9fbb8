import { readOptions } from './options.ts'
import { type OracleRun, runOracle } from './run-oracle.ts'
import { tell } from './tell.ts'

/**
 * `npm run oracle -- [--seed N] [--weeks N] [--machines N]`: plays simulated fleets through their weeks, and compares every figure that the
 * program answers with what the simulated world knows. Prints what differs; exit code 1 then.
 */
export async function oracle(argv: readonly string[]): Promise<void> {
  const { seeds, weeks, machines } = readOptions(argv)
  let isRight = true
  for (const seed of seeds) {
    const startedAt = performance.now()
    const run = await runOracle({ seed, weeks, machines })
    const { lines, right } = tell(run)
    for (const line of lines) console.log(line)
    console.log(`seed ${seed}: ${words(run)} in ${Math.round((performance.now() - startedAt) / 1000)} s`)
    isRight &&= right
  }
  process.exitCode = isRight ? 0 : 1
}

function words({ ledger, questions, differences }: OracleRun): string {
  const { looks, machines } = ledger
  const kills = looks.filter(({ killed }) => killed).length
  const verdict = differences.length === 0 ? 'all as they must be' : `${differences.length} figures differ`
  const history = `${machines.size} machines, ${looks.length} snapshots, ${kills} of them killed on the way, ${ledger.intervals().length} intervals`
  return `${history}; ${questions} answers compared, ${verdict}`
}
