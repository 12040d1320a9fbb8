import type { Exported, ExportedMachine } from '../simulator/export/vulnerability-exports.ts'
import { isOfWindows } from './words.ts'

/** What orders the updates of a product: the version of Windows that has each, as a catalogue tells it, or the months of their bulletins. */
export type Order = 'build' | 'month'

/** What an export says that a machine lacks, and what of that is in other updates that it lacks. */
export interface ExportSight {
  /** The moment of the export, epoch ms. */
  generatedAt: number
  osVersion: string
  /** Epoch ms: the report by which Defender judged it. */
  reportedAt: number
  /** Every KB that a row names, with the machine's products in which it is open, and the number of its rows. */
  kbs: ReadonlyMap<string, { products: readonly string[]; rows: number }>
  /** By product the KBs than which the machine lacks none newer: several if nothing tells which of them is. */
  newest: ReadonlyMap<string, readonly string[]>
  /** Every other KB, with those of `newest` that contain it, a product in common. */
  contained: ReadonlyMap<string, readonly string[]>
}

type Kb = ExportedMachine['kbs'][number]

/** What the latest export before some time says of a machine; undefined if it has no row, and so nothing is known of it. */
export function exportSightOf({ generatedAt, machines }: Exported, machineId: string, order: Order): ExportSight | undefined {
  const machine = machines.get(machineId)
  if (!machine) return undefined
  const { osVersion, reportedAt, kbs } = machine
  const newest = newestByProduct(kbs, order)
  const isNewest = new Set([...newest.values()].flat())
  const containing = ({ kb, products }: Kb): [string, string[]] => [
    kb.id,
    [...new Set(products.flatMap((product) => newest.get(product) ?? []))],
  ]
  return {
    generatedAt,
    osVersion,
    reportedAt,
    kbs: new Map(kbs.map(({ kb, products, rows }) => [kb.id, { products, rows }])),
    newest,
    contained: new Map(kbs.filter(({ kb }) => !isNewest.has(kb.id)).map(containing)),
  }
}

function newestByProduct(kbs: readonly Kb[], order: Order): Map<string, string[]> {
  const products = [...new Set(kbs.flatMap(({ products }) => products))].sort()
  return new Map(
    products.map((product) => {
      const ofProduct = kbs.filter(({ products }) => products.includes(product))
      const isNewest = (kb: Kb) => !ofProduct.some((other) => isLater(other, kb, isOfWindows(product) ? order : 'month'))
      return [product, ofProduct.filter(isNewest).map(({ kb }) => kb.id)]
    }),
  )
}

function isLater(one: Kb, other: Kb, order: Order): boolean {
  if (order === 'build' && one.fixedBuild !== null && other.fixedBuild !== null) return compareBuilds(one.fixedBuild, other.fixedBuild) > 0
  return monthOf(one) > monthOf(other)
}

const monthOf = ({ kb }: Kb): string => kb.released.slice(0, 7)

/** Part by part, as numbers. */
function compareBuilds(one: string, other: string): number {
  const [parts, otherParts] = [one, other].map((build) => build.split('.').map(Number))
  const differing = parts?.findIndex((part, index) => part !== otherParts?.[index]) ?? -1
  return (parts?.[differing] ?? 0) - (otherParts?.[differing] ?? 0)
}

export type Verdict = 'equal' | 'more' | 'less' | 'both' | 'moved'

interface Compared {
  /** Ids that the export has of the machine, or of it what is newest. */
  exported: ReadonlySet<string>
  /** Ids that `getmissingkbs` lists, or of it what is newest. */
  asked: ReadonlySet<string>
  /** Epoch ms. */
  generatedAt: number
  /** The machine's last report when it was asked about, epoch ms. */
  lastSeen: number | undefined
}

/** How the export stands to an answer about the same machine: it has `more`, or `less`, or `both`; nothing, if the machine has `moved`. */
export function verdictOf({ exported, asked, generatedAt, lastSeen }: Compared): Verdict {
  if ((lastSeen ?? -Infinity) > generatedAt) return 'moved'
  const more = [...exported].some((kbId) => !asked.has(kbId))
  const less = [...asked].some((kbId) => !exported.has(kbId))
  return more ? (less ? 'both' : 'more') : less ? 'less' : 'equal'
}
