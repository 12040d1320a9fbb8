import { parseArgs } from 'node:util'
import type { Kinds } from './fuzz-case.ts'

export interface FuzzOptions {
  seed: number
  cases: number
  /** One case alone, by its number. */
  only: number | undefined
  kinds: Kinds
}

const KINDS: readonly Kinds[] = ['answers', 'rows', 'all']

/** `--seed N --cases N --case N --kinds answers|rows|all`. Ends the process with a message where they are none. */
export function readOptions(argv: readonly string[]): FuzzOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: [...argv], options: { seed: text, cases: text, case: text, kinds: text } })
  const kinds = KINDS.find((known) => known === (values.kinds ?? 'all'))
  if (!kinds) refuse(`--kinds is one of ${KINDS.join(', ')}.`)
  const only = values.case === undefined ? undefined : numberOf('case', values.case)
  return { seed: numberOf('seed', values.seed ?? '1'), cases: numberOf('cases', values.cases ?? '10000'), only, kinds }
}

function numberOf(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) refuse(`--${name} is a whole number.`)
  return Number(text)
}

function refuse(message: string): never {
  console.error(message)
  process.exit(2)
}
