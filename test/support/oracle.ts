import type { Simulator } from '../../dev/simulator/index.ts'
import { DAY } from './world.ts'

const SILENT = 30 * DAY

interface Known {
  missing: Map<string, readonly string[]>
  lastSeen: number | undefined
  everMissing: Set<string>
}

/** What must be found, worked out from what the simulator knows and from nothing that the program wrote. */
export class Oracle {
  readonly #simulator: Simulator
  readonly #known = new Map<string, Known>()
  readonly #products: (kbId: string) => readonly string[]
  #looks = 0

  constructor(simulator: Simulator, products: (kbId: string) => readonly string[]) {
    this.#simulator = simulator
    this.#products = products
  }

  /** What a look at an instant must find changed since the look before: `machineId kbId change reason`, sorted. */
  changes(at: number, machineIds: Iterable<string>): string[] {
    const isFirst = this.#looks++ === 0
    return [...machineIds].flatMap((machineId) => this.#changesOf(machineId, at, isFirst)).sort()
  }

  /** What is missing now, after the last look: `machineId kbId`. */
  state(): Set<string> {
    return new Set([...this.#known].flatMap(([machineId, { missing }]) => [...missing.keys()].map((kbId) => `${machineId} ${kbId}`)))
  }

  #changesOf(machineId: string, at: number, isFirst: boolean): string[] {
    const machine = this.#simulator.machine(machineId, at)
    const known = this.#known.get(machineId)
    if (!machine?.exists) {
      if (!known) return []
      this.#known.set(machineId, { ...known, missing: new Map() })
      return [...known.missing.keys()].map((kbId) => `${machineId} ${kbId} resolved removed`)
    }
    if (!String(machine.attributes.osPlatform).startsWith('Windows')) return []
    const now = new Map([...(this.#simulator.truth(at).get(machineId) ?? [])].map((kbId) => [kbId, this.#products(kbId)]))
    const appeared = [...now.keys()].filter((kbId) => !known?.missing.has(kbId))
    const resolved = [...(known?.missing ?? [])].filter(([kbId]) => !now.has(kbId))
    const everMissing = new Set([...(known?.everMissing ?? []), ...now.keys()])
    this.#known.set(machineId, { missing: now, lastSeen: machine.lastSeen, everMissing })
    return [
      ...appeared.map((kbId) => `${machineId} ${kbId} appeared ${this.#whyAppeared(isFirst, known, kbId)}`),
      ...resolved.map(
        ([kbId, products]) =>
          `${machineId} ${kbId} resolved ${whyResolved(at, machine.lastSeen, known?.lastSeen, products, appeared.map(this.#products))}`,
      ),
    ]
  }

  #whyAppeared(isFirst: boolean, known: Known | undefined, kbId: string): string {
    if (!known) return isFirst ? 'baseline' : 'machineAdded'
    return known.everMissing.has(kbId) ? 'reopened' : 'new'
  }
}

function whyResolved(
  at: number,
  lastSeen: number | undefined,
  lastSeenBefore: number | undefined,
  products: readonly string[],
  appeared: readonly (readonly string[])[],
): string {
  if (lastSeen !== undefined && at - lastSeen > SILENT) return 'silent'
  if (appeared.some((others) => others.some((product) => products.includes(product)))) return 'superseded'
  return lastSeen !== undefined && lastSeenBefore !== undefined && lastSeen > lastSeenBefore ? 'installed' : 'reassessed'
}
