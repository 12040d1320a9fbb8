import { READ_POLICY } from '../history/read-policy.ts'
import { ProblemError } from './problem.ts'

/** Refuses what is known to take longer than an answer may: it would break off shortly before its end. `instead` is what to ask for. */
export function requireCarriable(changes: number, parameter: string, instead: string): void {
  const { changesPerSecond, secondsOfAnswer } = READ_POLICY
  if (changes <= changesPerSecond * secondsOfAnswer) return
  const detail = `Up to ${changes} changes have to be read, more than can be counted on in the ${secondsOfAnswer} s of an answer. ${instead}.`
  throw new ProblemError('tooLarge', detail, { parameter })
}
