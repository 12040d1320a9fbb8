import { z } from 'zod'
import { draw, drawBetween } from '../draw.ts'
import { missingAt, type Fleet, type Moved } from '../fleet.ts'
import { judgedReportAt, lackedAt, type Lacked } from '../lacked.ts'
import type { Character } from '../machine-character.ts'
import { MINUTE } from '../time.ts'
import { newestVisible } from '../patching.ts'
import type { UpdateLine, UpdateLines } from '../update-lines.ts'
import { PRODUCTS, type Product } from '../world.ts'

const chosen = z.strictObject({ machineIds: z.array(z.string()).readonly(), rate: z.number().min(0).max(1) }).partial()

/**
 * On which machines, by id or by chance, the export and `getmissingkbs` differ, and how: the export has a KB `more`, or `less`, or `both`;
 * or the machine reports soon after the export was made, from when on `getmissingkbs` no more lists what the export does (`moved`). And of
 * which software, by id or by chance, `machineMissedOn` is wrong, `by` how many. `false` ends one.
 */
export const disagreementsSchema = z
  .strictObject({
    more: z.union([z.literal(false), chosen]),
    less: z.union([z.literal(false), chosen]),
    both: z.union([z.literal(false), chosen]),
    moved: z.union([z.literal(false), chosen]),
    count: z.union([
      z.literal(false),
      z.strictObject({ softwareIds: z.array(z.string()).readonly(), rate: z.number().min(0).max(1), by: z.number().int() }).partial(),
    ]),
  })
  .partial()

export type Disagreements = z.output<typeof disagreementsSchema>

const KINDS = ['more', 'less', 'both', 'moved'] as const

/** One that is planted in an export: which KBs it has and `getmissingkbs` has not (`more`), and the other way round (`less`). */
export interface PlantedDisagreement {
  kind: (typeof KINDS)[number]
  machineId: string
  more: readonly string[]
  less: readonly string[]
  /** Epoch ms, of one that has `moved`. */
  reportedAt?: number
}

interface PlantSetting {
  seed: number
  lines: UpdateLines
  /** When the export that is the latest at that time was made. */
  latestExport: (at: number) => number
}

/** What is planted, in exports and beside them. What it is does not depend on who asks, or when: only on the export. */
export class Planted {
  readonly #setting: PlantSetting
  #rules: Disagreements = {}
  /** Another after each change. */
  version = 0

  constructor(setting: PlantSetting) {
    this.#setting = setting
  }

  change(rules: Disagreements): void {
    this.#rules = { ...this.#rules, ...rules }
    this.version++
  }

  /** Whether rows of a machine may be other than its nature has them. */
  get touchesExports(): boolean {
    return [this.#rules.more, this.#rules.less, this.#rules.both].some(Boolean)
  }

  /** What an export made at that time says that the machine lacks. */
  exported(machine: Character, generatedAt: number): readonly Lacked[] {
    const lacked = lackedAt(machine, generatedAt)
    // One that is not judged has no rows.
    const kind = judgedReportAt(machine, generatedAt) === undefined ? undefined : this.#kindOf(machine)
    const kept = kind === 'less' || kind === 'both' ? lacked.filter((one) => !leftOut(lacked).includes(one)) : lacked
    return kind === 'more' || kind === 'both' ? [...kept, ...this.#added(machine, generatedAt)] : kept
  }

  /** Whether the machine has moved since the latest export. */
  moved(machine: Character, at: number): Moved | undefined {
    if (this.#kindOf(machine) !== 'moved') return undefined
    const moved = this.#movedAfter(machine, this.#setting.latestExport(at))
    return moved && moved.reportedAt <= at ? moved : undefined
  }

  #movedAfter(machine: Character, generatedAt: number): Moved | undefined {
    const reportedAt =
      generatedAt + Math.floor(drawBetween(MINUTE, 30 * MINUTE, this.#setting.seed, machine.machineId, 'moved', generatedAt))
    const lost = idsOf(leftOut(lackedAt(machine, generatedAt)))
    return lost.size > 0 ? { reportedAt, installed: lost } : undefined
  }

  /** By how many `machineMissedOn` is wrong there. */
  wrongBy(softwareId: string): number {
    const { count } = this.#rules
    if (!count) return 0
    const { softwareIds, rate, by = 1 } = count
    const isChosen = softwareIds?.includes(softwareId) ?? draw(this.#setting.seed, 'count', softwareId) < (rate ?? 1)
    return isChosen ? by : 0
  }

  /** All that is planted in the export made at that time, and about it. */
  ledger(generatedAt: number, fleet: Fleet): PlantedDisagreement[] {
    return fleet.existing(generatedAt).flatMap((machine): PlantedDisagreement[] => {
      const kind = this.#kindOf(machine)
      const { machineId } = machine
      if (kind === undefined) return []
      if (kind === 'moved') {
        const moved = this.#movedAfter(machine, generatedAt)
        return moved ? [{ kind, machineId, more: [...moved.installed], less: [], reportedAt: moved.reportedAt }] : []
      }
      const [lacked, told] = [idsOf(lackedAt(machine, generatedAt)), idsOf(this.exported(machine, generatedAt))]
      const more = [...told].filter((kbId) => !lacked.has(kbId))
      const listed = missingAt(machine, generatedAt, fleet.superseded).map(({ kb }) => kb.id)
      const less = listed.filter((kbId) => !told.has(kbId))
      return more.length + less.length > 0 ? [{ kind, machineId, more, less }] : []
    })
  }

  #kindOf({ machineId, lines }: Character): PlantedDisagreement['kind'] | undefined {
    if (lines.length === 0) return undefined
    return KINDS.find((kind) => {
      const rule = this.#rules[kind]
      if (!rule) return false
      return rule.machineIds?.includes(machineId) ?? draw(this.#setting.seed, 'disagree', kind, machineId) < (rule.rate ?? 1)
    })
  }

  /** The newest update of a product that the machine has not: no other KB can contain it, or be contained in it. */
  #added(machine: Character, at: number): Lacked[] {
    const own = new Set(machine.lines)
    const { products } = this.#setting.lines
    for (const product of Object.keys(PRODUCTS) as Product[]) {
      const lines: readonly UpdateLine[] = products[product]
      const [line] = lines
      const release = line?.[newestVisible(line, at)]
      if (release && !lines.some((one) => own.has(one))) return [{ release, products: [product] }]
    }
    return []
  }
}

/** Of what a machine lacks all that is of one product, its system if it can be: so neither the KB nor what it contains is left. */
function leftOut(lacked: readonly Lacked[]): readonly Lacked[] {
  const all = lacked.flatMap(({ products }) => products)
  const product = all.find((one) => one.startsWith('windows_')) ?? all[0]
  return lacked.filter(({ products }) => product !== undefined && products.includes(product))
}

const idsOf = (lacked: readonly Lacked[]) => new Set(lacked.map(({ release }) => release.kb.id))
