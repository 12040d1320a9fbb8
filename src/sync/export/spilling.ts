import { MachineSets, PairRegister, READING_POLICY } from '../../sources/index.ts'
import { toBlocks, type TenantStore } from '../../store/index.ts'

/** Runs that one slice may write: their numbers are its own, so that what a killed one left is never taken for its. */
const MOST_RUNS = 100_000

/** What rows of files said, in memory, and beyond what that may hold in runs. */
export class Spilling {
  readonly register = new PairRegister()
  readonly sets = new MachineSets(this.register)
  readonly #exports: TenantStore['exports']
  readonly #snapshotId: string
  #nextRun: number
  #runs: number[] = []

  constructor(exports: TenantStore['exports'], snapshotId: string, slice: number) {
    this.#exports = exports
    this.#snapshotId = snapshotId
    this.#nextRun = slice * MOST_RUNS
  }

  async makeRoom(): Promise<void> {
    if (this.sets.machines >= READING_POLICY.heldMachines || this.sets.pairs >= READING_POLICY.heldPairs) await this.#spill()
  }

  /** Writes what is left; the runs that were written since this was asked last. */
  async takeRuns(): Promise<number[]> {
    await this.#spill()
    const runs = this.#runs
    this.#runs = []
    return runs
  }

  async #spill(): Promise<void> {
    const blocks = [...toBlocks(this.sets.take())]
    if (blocks.length === 0) return
    const run = this.#nextRun++
    await this.#exports.writeRun(this.#snapshotId, run, blocks)
    this.#runs.push(run)
  }

  /** Forgets what a file that was not read to its end left. */
  forget(): void {
    this.#runs = []
    for (const _ of this.sets.take());
    this.register.takeNames()
  }
}
