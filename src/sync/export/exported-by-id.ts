import type { ExportedMachine } from '../../domain/index.ts'

/** Finds machines in an export that is in the order of their ids, asked for in that order: it is read once, and none of it is kept. */
export class ExportedById {
  readonly #machines: AsyncIterator<ExportedMachine>
  #next: IteratorResult<ExportedMachine> | undefined

  constructor(machines: AsyncIterable<ExportedMachine>) {
    this.#machines = machines[Symbol.asyncIterator]()
  }

  /** The machine of an id that is not below the one asked for before. */
  async find(machineId: string): Promise<ExportedMachine | undefined> {
    this.#next ??= await this.#machines.next()
    while (!this.#next.done && this.#next.value.machineId < machineId) this.#next = await this.#machines.next()
    return !this.#next.done && this.#next.value.machineId === machineId ? this.#next.value : undefined
  }

  /** Lets go of what is open. */
  async close(): Promise<void> {
    await this.#machines.return?.()
  }
}
