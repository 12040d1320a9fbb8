import { describeCase } from './describe-case.ts'
import { drawCase, type FuzzCase, type Kinds } from './fuzz-case.ts'
import { type FuzzDefender, startFuzzDefender } from './fuzz-defender.ts'
import { runCase } from './run-case.ts'
import { SECRET } from './secrets.ts'
import { shrink } from './shrink.ts'

/** A case that came out wrong, and its smallest form. */
export interface Failure {
  index: number
  troubles: readonly string[]
  text: string
}

export interface FuzzRun {
  seed: number
  kinds: Kinds
  /** Numbers of the cases. */
  indexes: Iterable<number>
  onCase?: (index: number, failure: Failure | undefined) => void
  /** Failures after which it is enough. */
  mostFailures?: number
}

/** Runs cases one after another; those that fail, in words. Everything that happens in one is drawn from its seed and its number. */
export async function runCases({ seed, kinds, indexes, onCase, mostFailures = 10 }: FuzzRun): Promise<Failure[]> {
  const defender = await startFuzzDefender(SECRET)
  const failures: Failure[] = []
  try {
    for (const index of indexes) {
      const drawn = drawCase(seed, index, defender.foreignUrl, kinds)
      const failure = await judgeCase(drawn, kinds, defender)
      if (failure) failures.push(failure)
      onCase?.(index, failure)
      if (failures.length >= mostFailures) break
    }
  } finally {
    await defender.close()
  }
  return failures
}

async function judgeCase(drawn: FuzzCase, kinds: Kinds, defender: FuzzDefender): Promise<Failure | undefined> {
  const troubles = await troublesOf(drawn, defender)
  if (troubles.length === 0) return undefined
  const isSame = (others: readonly string[]) => others.some((other) => kindOf(other) === kindOf(troubles[0] ?? ''))
  const smallest = await shrink(drawn, async (smaller) => isSame(await troublesOf(smaller, defender)))
  const text = [describeCase(smallest, kinds), ...(await troublesOf(smallest, defender)), 'as drawn:', ...troubles].join('\n')
  return { index: drawn.index, troubles, text }
}

/** What is wrong, whichever machine, KB or instant it is about. */
const kindOf = (trouble: string) => trouble.slice(0, 120).replaceAll(/[0-9a-f]{40}|\d+/g, '#')

/** An error that nobody awaits fails the case that it came up in. */
async function troublesOf(fuzzCase: FuzzCase, defender: FuzzDefender): Promise<string[]> {
  const unhandled: string[] = []
  const note = (error: unknown) => void unhandled.push(`a rejection that nobody awaits: ${String(error)}`)
  process.on('unhandledRejection', note)
  try {
    return [...(await runCase(fuzzCase, defender)), ...unhandled]
  } catch (error) {
    return [`the fuzzer failed: ${error instanceof Error ? error.stack : String(error)}`]
  } finally {
    process.off('unhandledRejection', note)
  }
}
