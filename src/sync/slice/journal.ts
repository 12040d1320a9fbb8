import pLimit from 'p-limit'
import { type Change, type Machine, type MachineOutcome, unstoredOutcome } from '../../domain/index.ts'
import type { NewName, TenantStore } from '../../store/index.ts'
import type { KbRegister } from './kb-register.ts'

/** One transaction of machines: the cost of an unchanged machine is its line in it. */
const JOURNAL_MACHINES = 100

type JournalStore = Pick<TenantStore, 'changes' | 'kbs' | 'machines' | 'names'>

/**
 * Writes settled machines down, in the order that makes a kill harmless: their changes, the KBs they named, their names, and last the machines'
 * own rows. A machine whose row is not written yet is simply done again; at most `unwritten` machines can be in that state.
 */
export class Journal {
  readonly kbs: KbRegister
  readonly #store: JournalStore
  readonly #snapshotId: string
  /** One write at a time. */
  readonly #inTurn = pLimit(1)
  #machines: MachineOutcome[] = []
  #changes: Change[] = []
  #names: NewName[] = []
  #failure: Error | undefined

  constructor(store: JournalStore, snapshotId: string, kbs: KbRegister) {
    this.#store = store
    this.#snapshotId = snapshotId
    this.kbs = kbs
  }

  /** The most machines that can be settled and not yet written, on top of those in flight: one buffer filling, one being written. */
  static readonly unwritten = 2 * JOURNAL_MACHINES

  /** Takes a settled machine, with what it came to; waits only while a full buffer is ahead of it. */
  async add(machine: Pick<Machine, 'namedAs'>, outcome: MachineOutcome, changes: readonly Change[]): Promise<void> {
    this.#throwFailure()
    this.#machines.push(outcome)
    const { machineId, namedAs } = outcome
    if (namedAs !== null && namedAs !== machine.namedAs) this.#names.push({ machineId, name: namedAs, formerName: machine.namedAs })
    for (const change of changes) this.#changes.push(change)
    if (this.#machines.length < JOURNAL_MACHINES) return
    if (this.#inTurn.activeCount + this.#inTurn.pendingCount > 0) await this.idle()
    if (this.#machines.length >= JOURNAL_MACHINES) this.#begin()
    this.#throwFailure()
  }

  /** Waits for a write under way, whatever becomes of it: nothing may be left running when the tenant is let go. */
  async idle(): Promise<void> {
    await this.#inTurn(() => Promise.resolve())
  }

  /** Writes all that is left. */
  async flush(): Promise<void> {
    this.#begin()
    await this.idle()
    this.#throwFailure()
    await this.#store.kbs.write(this.kbs.takeAll())
  }

  #begin(): void {
    const machines = this.#machines
    const changes = this.#changes
    const names = this.#names
    this.#machines = []
    this.#changes = []
    this.#names = []
    // Held for the next add or flush: a rejection that nobody awaits would end the worker.
    this.#inTurn(() => this.#write(machines, changes, names)).catch((error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error('a write failed', { cause: error })
    })
  }

  async #write(machines: readonly MachineOutcome[], changes: readonly Change[], names: readonly NewName[]): Promise<void> {
    await this.#store.changes.write(this.#snapshotId, changes)
    await this.#store.kbs.write(this.kbs.takeDescribed())
    await this.#store.names.rename(names)
    const refused = await this.#store.machines.settle(machines)
    if (refused.size > 0) {
      await this.#store.machines.settle(machines.filter(({ machineId }) => refused.has(machineId)).map(unstoredOutcome))
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure
  }
}
