import type { ChangeRow, MachineOutcome, Store } from '../store/index.ts'
import type { KbRegister } from './kb-register.ts'

/** One transaction of machines: the cost of an unchanged machine is its line in it. */
const JOURNAL_MACHINES = 100

export interface JournalOptions {
  store: Store
  tenantId: string
  snapshotId: string
  kbs: KbRegister
}

/**
 * Writes settled machines down, in the order that makes a kill harmless: their changes, the KBs they named, and last the machines'
 * own rows. A machine whose row is not written yet is simply done again; at most `unwritten` machines can be in that state.
 */
export class Journal {
  readonly #options: JournalOptions
  #machines: MachineOutcome[] = []
  #changes: ChangeRow[] = []
  #writing: Promise<void> = Promise.resolve()
  #failure: Error | undefined

  constructor(options: JournalOptions) {
    this.#options = options
  }

  /** The most machines that can be settled and not yet written, on top of those in flight: one buffer filling, one being written. */
  static readonly unwritten = 2 * JOURNAL_MACHINES

  /** Takes a settled machine; waits only while a full buffer is ahead of it. */
  async add(machine: MachineOutcome, changes: readonly ChangeRow[]): Promise<void> {
    this.#throwFailure()
    this.#machines.push(machine)
    this.#changes.push(...changes)
    if (this.#machines.length >= JOURNAL_MACHINES) {
      await this.#writing
      if (this.#machines.length >= JOURNAL_MACHINES) this.#begin()
      this.#throwFailure()
    }
  }

  /** Waits for a write under way, whatever becomes of it: nothing may be left running when the tenant is let go. */
  async idle(): Promise<void> {
    await this.#writing
  }

  /** Writes all that is left. */
  async flush(): Promise<void> {
    await this.#writing
    this.#begin()
    await this.#writing
    this.#throwFailure()
    const { store, tenantId, kbs } = this.#options
    await store.kbs.write(tenantId, kbs.takeAll())
  }

  #begin(): void {
    const machines = this.#machines
    const changes = this.#changes
    this.#machines = []
    this.#changes = []
    // Held for the next add or flush: a rejection that nobody awaits would end the worker.
    this.#writing = this.#write(machines, changes).catch((error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error('a write failed', { cause: error })
    })
  }

  async #write(machines: readonly MachineOutcome[], changes: readonly ChangeRow[]): Promise<void> {
    const { store, tenantId, snapshotId, kbs } = this.#options
    await store.changes.write(tenantId, snapshotId, changes)
    await store.kbs.write(tenantId, kbs.takeDescribed())
    await store.machines.settle(tenantId, machines)
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure
  }
}
