import { MachineLedger, type TrueInterval } from './machine-ledger.ts'
import type { KbFacts, Sights } from './sight.ts'
import type { Look } from './look.ts'

/** What must be known of a fleet after looks at it. */
export class Ledger {
  readonly looks: Look[] = []
  readonly machines = new Map<string, MachineLedger>()
  readonly kb: (kbId: string) => KbFacts
  readonly #sights: Sights

  constructor(sights: Sights) {
    this.#sights = sights
    this.kb = (kbId) => sights.kb(kbId)
  }

  add(look: Look): void {
    for (const sight of this.#sights.at(look)) {
      const known = this.machines.get(sight.machineId)
      const machine = known ?? new MachineLedger({ look, sight }, this.looks.length === 0, this.kb)
      if (!known && !sight.exists) continue
      this.machines.set(sight.machineId, machine)
      machine.look(look, sight)
    }
    this.looks.push(look)
  }

  get first(): Look {
    return this.#lookAt(0)
  }

  get last(): Look {
    return this.#lookAt(-1)
  }

  /** The ledger as it was after a look: answers about the past must be the same as they were then. */
  intervals(): { machineId: string; machine: MachineLedger; interval: TrueInterval }[] {
    return [...this.machines].flatMap(([machineId, machine]) => machine.intervals.map((interval) => ({ machineId, machine, interval })))
  }

  #lookAt(index: number): Look {
    const look = this.looks.at(index)
    if (!look) throw new Error('No look was taken yet.')
    return look
  }
}

/** Whether an interval is open at the end of a look. */
export const isOpenAt = ({ opened, end }: TrueInterval, look: Look): boolean => opened.at <= look.at && (!end || end.look.at > look.at)
