import { byText, type ExportedMachine, isMachineId } from '../../domain/index.ts'
import { ownText } from './line-text.ts'
import type { PairRegister } from './pair-register.ts'

/** What rows have said of a machine so far. */
interface HeldMachine {
  readonly machineId: string
  /** Of its newest row, as the two that follow are; '' where no row has a time, undefined before the first row. */
  reportedAt: string | undefined
  osVersion: string | null
  rbacGroupName: string | null
  pairs: number[]
}

/** The machines that rows name, with the pairs of each; rows of one may come in any order, and again. */
export class MachineSets {
  readonly #register: PairRegister
  #machines = new Map<string, HeldMachine>()
  #current: HeldMachine | undefined
  /** For each pair, the turn of the machine that has it: what a machine has is told without a set for each. */
  #turnOf = new Int32Array(4096)
  #turn = 0
  #pairs = 0

  constructor(register: PairRegister) {
    this.#register = register
  }

  /** Another one whenever it is about another machine, or none. */
  get turn(): number {
    return this.#turn
  }

  get machines(): number {
    return this.#machines.size
  }

  get pairs(): number {
    return this.#pairs
  }

  /** Turns to the machine that rows are about from now on; false where the id is none. */
  turnTo(id: string): boolean {
    const found = this.#machines.get(id) ?? this.#enter(id.trim().toLowerCase())
    if (!found) return false
    // What its list has room for would be kept for nothing.
    if (this.#current) this.#current.pairs = this.#current.pairs.slice()
    this.#current = found
    this.#turn++
    for (const pair of found.pairs) this.#turnOf[pair] = this.#turn
    return true
  }

  #enter(machineId: string): HeldMachine | undefined {
    const known = this.#machines.get(machineId)
    if (known || !isMachineId(machineId)) return known
    const machine = { machineId: ownText(machineId), reportedAt: undefined, osVersion: null, rbacGroupName: null, pairs: [] }
    this.#machines.set(machine.machineId, machine)
    return machine
  }

  /** Whether a row of that time says more than those before: what else it says is wanted then. */
  isNewer(lastSeen: string | null): boolean {
    const known = this.#current?.reportedAt
    return known === undefined || (lastSeen ?? '') > known
  }

  /** The newest row of the machine so far. */
  newest(lastSeen: string | null, osVersion: string | null, rbacGroupName: string | null): void {
    if (this.#current) Object.assign(this.#current, { reportedAt: lastSeen ?? '', osVersion, rbacGroupName })
  }

  /** The machine has this pair. */
  add(pair: number): void {
    if (pair >= this.#turnOf.length) this.#grow(pair)
    if (this.#turnOf[pair] === this.#turn || !this.#current) return
    this.#turnOf[pair] = this.#turn
    this.#current.pairs.push(pair)
    this.#pairs++
  }

  #grow(pair: number): void {
    const larger = new Int32Array(2 * pair)
    larger.set(this.#turnOf)
    this.#turnOf = larger
  }

  /** All machines by id; none is held any more. */
  *take(): Generator<ExportedMachine> {
    const machines = [...this.#machines.values()].sort((one, other) => byText(one.machineId, other.machineId))
    this.#machines = new Map()
    this.#current = undefined
    this.#turn++
    this.#pairs = 0
    for (const { machineId, reportedAt, osVersion, rbacGroupName, pairs } of machines) {
      yield { machineId, osVersion, reportedAt: reportedAt || null, rbacGroupName, kbs: this.#register.kbsOf(pairs) }
    }
  }
}
