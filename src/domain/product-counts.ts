import { byText } from './by-text.ts'
import { foldedKbId, withoutKb } from './kb-id.ts'

/** On how many machines each KB is missing, by product. */
export type ProductCounts = ReadonlyMap<string, ReadonlyMap<string, number>>

/** How many machines miss a KB of a product: by our own rows, and by Defender. */
export interface ComparedCount {
  product: string
  kbId: string
  ours: number
  /** null where Defender names the KB and no number. */
  theirs: number | null
  /** `theirs - ours`. */
  difference: number | null
}

/** What comparing counts came to. */
export interface CountFigures {
  /** Pairs of a product and a KB of which both numbers are known. */
  compared: number
  /** Of them, those that differ. */
  differ: number
  /** The largest difference, either way. */
  largest: number
  /** Products that Defender gave no answer for. */
  unanswered: number
  comparedAt: string | null
}

export const NOTHING_COMPARED: CountFigures = { compared: 0, differ: 0, largest: 0, unanswered: 0, comparedAt: null }

/** Our counts of a product beside Defender's, by KB. One that a side does not name is missed on no machine there. */
export function compareCounts(
  product: string,
  ours: ReadonlyMap<string, number>,
  theirs: readonly { kbId: string; machineMissedOn?: number | null }[],
): ComparedCount[] {
  const rows = new Map<string, ComparedCount>()
  for (const [kbId, count] of ours) rows.set(keyOf(kbId), { product, kbId, ours: count, theirs: 0, difference: 0 - count })
  for (const { kbId, machineMissedOn = null } of theirs) {
    const row = rows.get(keyOf(kbId)) ?? { product, kbId, ours: 0, theirs: 0, difference: 0 }
    const difference = machineMissedOn === null ? null : machineMissedOn - row.ours
    rows.set(keyOf(kbId), { ...row, theirs: machineMissedOn, difference })
  }
  return [...rows.values()].sort((one, other) => byText(one.kbId, other.kbId))
}

const keyOf = (kbId: string) => foldedKbId(withoutKb(kbId))

/** The figures with one more product. */
export function withCounts(figures: CountFigures, rows: readonly ComparedCount[]): CountFigures {
  const differences = rows.flatMap(({ difference }) => (difference === null ? [] : [Math.abs(difference)]))
  return {
    ...figures,
    compared: figures.compared + differences.length,
    differ: figures.differ + differences.filter((difference) => difference > 0).length,
    largest: differences.reduce((largest, difference) => Math.max(largest, difference), figures.largest),
  }
}

/** Defender's id of a product of Microsoft's: https://learn.microsoft.com/defender-endpoint/api/software */
export const softwareIdOf = (product: string): string => `microsoft-_-${product}`
