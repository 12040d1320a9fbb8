import { readCatalog } from './catalog.ts'
import { asOf, characterOf, machineIdOf, type Character, type FleetSetting } from './machine-character.ts'
import { machineOnTheWire, type MachineWire } from './machine-wire.ts'
import { listedOfLine } from './patching.ts'
import { lastReportAt } from './reports.ts'
import { isWithin } from './time.ts'
import { orderIntoLines, type Release, type UpdateLines } from './update-lines.ts'
import { WORLD } from './world.ts'

/** A machine at a time. `lastSeen` is its last full report, epoch ms; undefined before its first. */
export interface MachineAt {
  exists: boolean
  lastSeen: number | undefined
  attributes: MachineWire
  missing: readonly string[]
}

interface FleetOptions {
  seed: number
  machines: number
  start: Date
  upgrades?: number
  /** What Defender knows of updates, and since when; worked out from the seed unless told. */
  lines?: UpdateLines
}

/**
 * The machines of a simulated tenant. Everything is computed from the seed and the time asked for; kept is only what never changes.
 */
export class Fleet {
  readonly #characters: readonly Character[]
  readonly #byId: ReadonlyMap<string, Character>

  constructor({ seed, machines, start, upgrades = 0, lines = orderIntoLines(readCatalog(), seed) }: FleetOptions) {
    const setting: FleetSetting = { seed, machines, startMs: start.getTime(), upgrades }
    this.#characters = Array.from({ length: machines }, (_, index) => characterOf(index, machineIdOf(seed, index), setting, lines))
    this.#byId = new Map(this.#characters.map((machine) => [machine.machineId, machine]))
  }

  /** The machine of that id, if there ever is one. */
  find(machineId: string): Character | undefined {
    return this.#byId.get(machineId)
  }

  /** All that Defender knows at that time, in the order in which it lists them. */
  existing(at: number): Character[] {
    return this.#characters.filter((machine) => existsAt(machine, at))
  }

  /** What the machine list shows at that time. */
  listed(at: number): MachineWire[] {
    return this.existing(at).map((machine) => machineOnTheWire(machine, at))
  }

  /** Undefined for an id that never exists. */
  machineAt(machineId: string, at: number): MachineAt | undefined {
    const machine = this.find(machineId)
    if (!machine) return undefined
    const exists = existsAt(machine, at)
    const missing = exists ? missingAt(machine, at).map(({ kb }) => kb.id) : []
    return { exists, lastSeen: lastReportAt(machine, at), attributes: machineOnTheWire(machine, at), missing }
  }

  /** The KBs that `getmissingkbs` lists at that time for each machine that it answers for; without faults. */
  truth(at: number): Map<string, Set<string>> {
    return new Map(this.existing(at).map((machine) => [machine.machineId, new Set(missingAt(machine, at).map(({ kb }) => kb.id))]))
  }
}

/** Whether Defender knows the machine: it is listed, and answers by its id. Machines silent for 180 days are forgotten. */
export function existsAt(machine: Character, at: number): boolean {
  if (!isWithin(machine.life.known, at)) return false
  const reportedAt = lastReportAt(machine, at)
  return reportedAt !== undefined && at - reportedAt <= WORLD.machineKept
}

/** What Defender lists as missing on the machine at that time; nothing if its last report is older than findings are kept. */
export function missingAt(machine: Character, at: number): Release[] {
  const reportedAt = lastReportAt(machine, at)
  if (reportedAt === undefined || at - reportedAt > WORLD.findingsKept) return []
  const reported = asOf(machine, reportedAt)
  return reported.lines.flatMap((line) => listedOfLine(reported, line, reportedAt, at))
}
