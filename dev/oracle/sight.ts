import { readCatalog } from '../simulator/catalog.ts'
import type { Simulator } from '../simulator/index.ts'
import type { Look } from './look.ts'

/** What a Defender without faults shows of a machine at a look. */
export interface Sight {
  machineId: string
  /** Listed, and found by its id. */
  exists: boolean
  asked: boolean
  /** Epoch ms; undefined before its first report. */
  lastSeen: number | undefined
  name: string | null
  osPlatform: string
  version: string
  group: string | null
  healthStatus: string
  kbIds: readonly string[]
}

export interface KbFacts {
  name: string
  products: readonly string[]
  cves: number
}

/** Everything that the simulated world knows of its machines, whether or not anybody asks. */
export class Sights {
  readonly #simulator: Simulator
  readonly #known = new Set<string>()
  readonly #kbs = new Map<string, KbFacts>(readCatalog().map(({ id, name, products, cves }) => [id, { name, products, cves }]))

  constructor(simulator: Simulator) {
    this.#simulator = simulator
  }

  kb(kbId: string): KbFacts {
    const facts = this.#kbs.get(kbId)
    if (!facts) throw new Error(`The catalogue has no KB ${kbId}.`)
    return facts
  }

  /** All machines that were there at this look or one before. Looks are asked for in their order. */
  at({ at }: Pick<Look, 'at'>): Sight[] {
    for (const machineId of this.#simulator.truth(at).keys()) this.#known.add(machineId)
    return [...this.#known].sort().map((machineId) => sightOf(this.#simulator, machineId, at))
  }
}

export function sightOf(simulator: Pick<Simulator, 'machine'>, machineId: string, at: number): Sight {
  const machine = simulator.machine(machineId, at)
  if (!machine) throw new Error(`There is no machine ${machineId}.`)
  const { exists, lastSeen, missing, attributes } = machine
  const { computerDnsName: name, osPlatform, version, rbacGroupName: group, healthStatus, onboardingStatus } = attributes
  const asked = exists && osPlatform.startsWith('Windows') && onboardingStatus === 'Onboarded'
  return { machineId, exists, asked, lastSeen, name, osPlatform, version, group, healthStatus, kbIds: missing }
}
