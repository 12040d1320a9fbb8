import { type Damage, drawDamage, TABLES, type TableName } from './damage.ts'
import { drawFleet, type Fleet, type FuzzMachine, LAST_LOOK } from './fleet.ts'
import { type Given, hostileAnswer } from './hostile-answer.ts'
import { listed, machineList, machineRow, missingKbs } from './polite.ts'
import { Random } from './random.ts'
import type { WireAnswer } from './wire-answer.ts'

/** The question whose answer is not what it should be. `byId` is only asked of a machine that the listing leaves out. */
export type Target = 'missingKbs' | 'list' | 'byId'

/** Something hostile that happens at one look. */
export type Attack =
  | { kind: 'answers'; target: Target; machineId: string; from: number; times: number; answers: readonly (WireAnswer | 'polite')[] }
  /** Before the look, or within: the slice is broken off by a 429 for it. */
  | { kind: 'damage'; moment: 'before' | 'within'; damage: readonly Damage[] }
  /** The storage refuses the rows of a table whose key holds a text. */
  | {
      kind: 'refusal'
      table: TableName
      text: string
      code: 'PropertyValueTooLarge' | 'EntityTooLarge' | 'InvalidInput' | 'OutOfRangeInput'
    }

export interface FuzzCase {
  seed: number
  index: number
  fleet: Fleet
  /** The look at which it happens. */
  look: number
  attack: Attack
}

/** What a run draws: what Defender answers, what befalls rows, or both. */
export type Kinds = 'answers' | 'rows' | 'all'

export function drawCase(seed: number, index: number, foreignUrl: string, kinds: Kinds = 'all'): FuzzCase {
  const random = Random.of(seed, index)
  const fleet = drawFleet(random)
  const look = random.isIn(0.25) ? 0 : random.between(1, LAST_LOOK - 1)
  const isOfAnswers = kinds === 'all' ? random.isIn(0.6) : kinds === 'answers'
  return { seed, index, fleet, look, attack: isOfAnswers ? drawAnswers(random, fleet, look, foreignUrl) : drawOfRows(random, fleet) }
}

function drawAnswers(random: Random, fleet: Fleet, look: number, foreignUrl: string): Attack {
  const there = listed(fleet, look).filter(({ osPlatform }) => osPlatform.startsWith('Windows'))
  const machine = random.pick(there.length > 0 ? there : fleet.machines)
  const target = random.pick<Target>(['missingKbs', 'missingKbs', 'missingKbs', 'missingKbs', 'list', 'list', 'byId', 'byId'])
  const given = givenOf(fleet, machine, look, target, foreignUrl, random)
  const count = random.pick(target === 'byId' ? [1, 2, 2, 3] : [1, 1, 1, 2, 3])
  const answers = Array.from({ length: count }, () => (random.isIn(0.15) ? 'polite' : hostileAnswer(given, random)))
  const times = isEveryones(answers) ? random.between(1, 3) : random.pick([1, 2, 3, 4, 5, Infinity, Infinity])
  return { kind: 'answers', target, machineId: machine.id, from: random.pick([0, 0, 0, 1]), times, answers }
}

/** A 429, or a 503 that says when to come again, is for everyone: as long as it comes, nothing ends. */
function isEveryones(answers: readonly (WireAnswer | 'polite')[]): boolean {
  const saysWhen = ({ headers }: WireAnswer) => headers.some(([name]) => name === 'retry-after')
  return answers.some((answer) => answer !== 'polite' && (answer.status === 429 || (answer.status >= 500 && saysWhen(answer))))
}

function givenOf(fleet: Fleet, machine: FuzzMachine, look: number, target: Target, foreignUrl: string, random: Random): Given {
  const path = `/api/machines/${machine.id}/getmissingkbs`
  const given = { foreignUrl, path }
  switch (target) {
    case 'missingKbs':
      return { ...given, polite: () => missingKbs(fleet, machine, look), within: (tree) => ({ tree, depth: 9 }), isAlone: true }
    case 'byId':
      return { ...given, polite: () => machineRow(machine, look), within: (tree) => ({ tree, depth: 9 }), isAlone: true }
    case 'list': {
      const isOneRow = random.isIn(0.6)
      const polite = () => machineList(listed(fleet, look).map((each) => machineRow(each, look)))
      const rowOf = (tree: Record<string, unknown>) =>
        (tree['value'] as Record<string, unknown>[]).find(({ id }) => id === machine.id) ?? machineRow(machine, look)
      return { ...given, polite, within: (tree) => (isOneRow ? { tree: rowOf(tree), depth: 9 } : { tree, depth: 1 }), isAlone: false }
    }
  }
}

const REFUSALS = ['PropertyValueTooLarge', 'EntityTooLarge', 'InvalidInput', 'OutOfRangeInput'] as const
/** A tenant's row and a snapshot's are what nothing goes on without. */
const REFUSED_TABLES = TABLES.filter((table) => table !== 'tenants')

function drawOfRows(random: Random, fleet: Fleet): Attack {
  if (random.isIn(0.25)) {
    const text = random.isIn(0.6) ? random.pick(fleet.machines).id : random.pick(fleet.kbs).id
    return { kind: 'refusal', table: random.pick(REFUSED_TABLES), text, code: random.pick(REFUSALS) }
  }
  // Where all that is known of a machine is gone at once, it is another machine.
  const spared = random.pick(['machines', 'missingkbs'])
  const drawn = Array.from({ length: random.pick([1, 1, 1, 2, 4]) }, () => drawDamage(random))
  const damage = drawn.length > 1 ? drawn.filter(({ table }) => table !== spared) : drawn
  return { kind: 'damage', moment: random.isIn(0.6) ? 'before' : 'within', damage }
}
