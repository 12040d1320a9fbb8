import type { Attack, FuzzCase } from './fuzz-case.ts'
import type { WireAnswer } from './wire-answer.ts'

/** Attempts to make a case smaller: each takes the time of a case. */
const MOST_ATTEMPTS = 80

/** The smallest case found that still fails, by leaving out what it can do without. */
export async function shrink(fuzzCase: FuzzCase, fails: (smaller: FuzzCase) => Promise<boolean>): Promise<FuzzCase> {
  let smallest = fuzzCase
  let attempts = 0
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false
    for (const smaller of smallerOnes(smallest)) {
      if (++attempts > MOST_ATTEMPTS) return smallest
      if (!(await fails(smaller))) continue
      smallest = smaller
      isSmaller = true
      break
    }
  }
  return smallest
}

function* smallerOnes(fuzzCase: FuzzCase): Generator<FuzzCase> {
  for (const attack of smallerAttacks(fuzzCase.attack)) yield { ...fuzzCase, attack }
  const { machines, kbs } = fuzzCase.fleet
  const { attack } = fuzzCase
  const needed = attack.kind === 'answers' ? attack.machineId : attack.kind === 'refusal' ? attack.text : ''
  for (const { id } of machines) {
    if (id !== needed && machines.length > 1)
      yield { ...fuzzCase, fleet: { kbs, machines: machines.filter((machine) => machine.id !== id) } }
  }
}

function* smallerAttacks(attack: Attack): Generator<Attack> {
  if (attack.kind === 'damage') {
    const { damage } = attack
    if (damage.length > 1) for (const left of damage) yield { ...attack, damage: damage.filter((one) => one !== left) }
  }
  if (attack.kind !== 'answers') return
  const { answers, times, from } = attack
  if (answers.length > 1) for (const one of answers) yield { ...attack, answers: [one] }
  if (times > 1) yield { ...attack, times: 1 }
  if (times > 5) yield { ...attack, times: 2 }
  if (from > 0) yield { ...attack, from: 0 }
  for (const [index, answer] of answers.entries()) {
    if (answer === 'polite') continue
    for (const smaller of smallerAnswers(answer)) yield { ...attack, answers: answers.with(index, smaller) }
  }
}

function* smallerAnswers(answer: WireAnswer): Generator<WireAnswer> {
  if (answer.framing !== 'length') yield { ...answer, framing: 'length' }
  if (answer.headers.length > 0) yield { ...answer, headers: [] }
  for (const body of smallerBodies(answer.body)) yield { ...answer, body }
}

/** Of JSON, one row or one name less; of anything else, a half. */
function* smallerBodies(body: Buffer): Generator<Buffer> {
  const tree = parsed(body)
  if (!tree) {
    if (body.length > 1) yield* [body.subarray(0, body.length / 2), body.subarray(body.length / 2)]
    return
  }
  const rows = tree['value']
  if (Array.isArray(rows) && rows.length > 1) {
    const half = Math.ceil(rows.length / 2)
    for (const value of [rows.slice(0, half), rows.slice(half)]) yield Buffer.from(JSON.stringify({ ...tree, value }))
  }
  for (const name of Object.keys(tree)) {
    if (name !== 'value') yield Buffer.from(JSON.stringify(Object.fromEntries(Object.entries(tree).filter(([other]) => other !== name))))
  }
}

function parsed(body: Buffer): Record<string, unknown> | undefined {
  try {
    const tree: unknown = JSON.parse(body.toString())
    return typeof tree === 'object' && tree !== null && !Array.isArray(tree) ? (tree as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
