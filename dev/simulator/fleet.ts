import { z } from 'zod'
import { readCatalog } from './catalog.ts'
import { judgedReportAt, lackedAt, newestOf } from './lacked.ts'
import { asOf, characterOf, copyOf, machineIdOf, type Character, type FleetSetting } from './machine-character.ts'
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

/**
 * Whether `getmissingkbs` lists KBs that another missing one supersedes, which nobody has said: those that `staysListed` (see patching.ts),
 * all of them, or of each product the newest only. A story tells of the first.
 */
export const superseded = z.enum(['some', 'all', 'newest'])

export type Superseded = z.output<typeof superseded>

/** A machine that, for once, reported at another time than its nature has it, and then no longer lacked these KBs. */
export interface Moved {
  reportedAt: number
  installed: ReadonlySet<string>
}

interface FleetOptions {
  seed: number
  machines: number
  start: Date
  upgrades?: number
  superseded?: Superseded
  /** All machines after so many are copies of those, in turn. */
  copiesOf?: number
  movedAt?: (machine: Character, at: number) => Moved | undefined
  /** What Defender knows of updates, and since when; worked out from the seed unless told. */
  lines?: UpdateLines
}

/**
 * The machines of a simulated tenant. Everything is computed from the seed and the time asked for; kept is only what never changes.
 */
export class Fleet {
  readonly superseded: Superseded
  readonly hasCopies: boolean
  readonly #movedAt: (machine: Character, at: number) => Moved | undefined
  readonly #characters: readonly Character[]
  readonly #byId: ReadonlyMap<string, Character>

  constructor({ seed, machines, start, upgrades = 0, superseded = 'some', copiesOf = machines, lines, movedAt }: FleetOptions) {
    const originals = Math.min(machines, copiesOf)
    const setting: FleetSetting = { seed, machines: originals, startMs: start.getTime(), upgrades }
    const known = lines ?? orderIntoLines(readCatalog(), seed)
    const first = Array.from({ length: originals }, (_, index) => characterOf(index, machineIdOf(seed, index), setting, known))
    this.#characters = Array.from({ length: machines }, (_, number) => first[number] ?? copyOfOne(first, number))
    this.superseded = superseded
    this.hasCopies = originals < machines
    this.#movedAt = movedAt ?? (() => undefined)
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
    return this.existing(at).map((machine) => this.onTheWire(machine, at))
  }

  /** The machine as the API shows it at that time. */
  onTheWire(machine: Character, at: number): MachineWire {
    return machineOnTheWire(machine, at, this.#lastReport(machine, at))
  }

  /** Undefined for an id that never exists. */
  machineAt(machineId: string, at: number): MachineAt | undefined {
    const machine = this.find(machineId)
    if (!machine) return undefined
    const exists = existsAt(machine, at)
    const missing = exists ? this.missing(machine, at).map(({ kb }) => kb.id) : []
    return { exists, lastSeen: this.#lastReport(machine, at), attributes: this.onTheWire(machine, at), missing }
  }

  /** The KBs that `getmissingkbs` lists at that time for each machine that it answers for; without faults. */
  truth(at: number): Map<string, Set<string>> {
    return new Map(this.existing(at).map((machine) => [machine.machineId, new Set(this.missing(machine, at).map(({ kb }) => kb.id))]))
  }

  /** What `getmissingkbs` lists for the machine at that time. */
  missing(machine: Character, at: number): Release[] {
    const { installed } = this.#movedAt(machine, at) ?? {}
    return missingAt(machine, at, this.superseded).filter(({ kb }) => !installed?.has(kb.id))
  }

  #lastReport(machine: Character, at: number): number | undefined {
    const reportedAt = lastReportAt(machine, at)
    const moved = this.#movedAt(machine, at)
    return moved && reportedAt !== undefined ? Math.max(moved.reportedAt, reportedAt) : reportedAt
  }
}

function copyOfOne(originals: readonly Character[], number: number): Character {
  const original = originals[number % originals.length]
  if (!original) throw new RangeError('there are no machines to copy')
  return copyOf(original, number)
}

/** Whether Defender knows the machine: it is listed, and answers by its id. Machines silent for 180 days are forgotten. */
export function existsAt(machine: Character, at: number): boolean {
  if (!isWithin(machine.life.known, at)) return false
  const reportedAt = lastReportAt(machine, at)
  return reportedAt !== undefined && at - reportedAt <= WORLD.machineKept
}

/** What Defender lists as missing on the machine at that time; nothing if its last report is older than findings are kept. */
export function missingAt(machine: Character, at: number, superseded: Superseded = 'some'): Release[] {
  const lacked = superseded === 'some' ? undefined : lackedAt(machine, at)
  if (lacked) return (superseded === 'all' ? lacked : newestOf(lacked)).map(({ release }) => release)
  const reportedAt = judgedReportAt(machine, at)
  if (reportedAt === undefined) return []
  const reported = asOf(machine, reportedAt)
  return reported.lines.flatMap((line) => listedOfLine(reported, line, reportedAt, at))
}
