import type { Lease } from '../lease.ts'

/** Slices that broke on end before machines are taken one by one. */
const BROKEN_SLICES = 3

/**
 * What a slice does differently after several that were killed, or failed, one after another: it takes one machine at a time and notes
 * which, so that the next one knows the machine that a slice dies of, and passes it by.
 */
export class Caution {
  readonly #lease: Lease
  readonly #isCareful: boolean
  readonly #suspect: string | null

  constructor(lease: Lease) {
    const { brokenSlices, suspectMachineId } = lease.tenant
    this.#lease = lease
    this.#isCareful = brokenSlices >= BROKEN_SLICES
    this.#suspect = this.#isCareful ? suspectMachineId : null
  }

  machinesAtOnce(usual: number): number {
    return this.#isCareful ? 1 : usual
  }

  /** Whether slices broke at this machine. */
  passesBy(machineId: string): boolean {
    return machineId === this.#suspect
  }

  /** Notes a machine before anything is done about it; costs nothing as long as slices end in order. */
  async note(machineId: string): Promise<void> {
    if (this.#isCareful) await this.#lease.update({ suspectMachineId: machineId })
  }
}
