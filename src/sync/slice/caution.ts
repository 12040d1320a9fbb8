import type { Lease } from '../lease.ts'

/** Slices that broke on end before machines are taken one by one. */
const BROKEN_SLICES = 3

/** Slices that broke on end at one machine before it is passed by: where all are killed, some are there by chance. */
const BREAKS_AT_ONE_MACHINE = 12

/**
 * What a slice does differently after several that were killed, or failed, one after another: it takes one machine at a time and notes
 * which, so that the next ones know the machine that slices die of, and pass it by.
 */
export class Caution {
  readonly #lease: Lease
  readonly #isCareful: boolean

  constructor(lease: Lease) {
    this.#lease = lease
    this.#isCareful = lease.tenant.brokenSlices >= BROKEN_SLICES
  }

  machinesAtOnce(usual: number): number {
    return this.#isCareful ? 1 : usual
  }

  /** Whether slices broke at this machine, time after time. */
  passesBy(machineId: string): boolean {
    return this.#isCareful && this.#breaksAt(machineId) >= BREAKS_AT_ONE_MACHINE
  }

  /** Notes a machine before anything is done about it; costs nothing as long as slices end in order. */
  async note(machineId: string): Promise<void> {
    if (this.#isCareful) await this.#lease.update({ suspectMachineId: machineId, suspectSlices: this.#breaksAt(machineId) + 1 })
  }

  #breaksAt(machineId: string): number {
    const { suspectMachineId, suspectSlices } = this.#lease.tenant
    return suspectMachineId === machineId ? suspectSlices : 0
  }
}
