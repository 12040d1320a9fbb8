import { byText, highest } from './merge.ts'

/** A KB that a machine misses, as Defender describes it in its answer for that machine. */
export interface MissingKb {
  /** Opaque, though only digits without "KB" have been seen, e.g. `4540673`. */
  kbId: string
  /** A bulletin's name, shared by many KBs, e.g. `March 2020 Security Updates`. */
  kbName: string | null
  /** e.g. `windows_10`, sorted, without duplicates. */
  productsNames: string[]
  url: string | null
  /** Counts within this answer: not comparable with those of other endpoints, and no change by themselves. */
  cveAddressed: number | null
  machineMissedOn: number | null
  /** Undocumented, but live. */
  osBuild: string | null
}

/** One KB of each id, sorted by it: products united, the higher of the counts, the first text that is there. */
export function mergeKbs(kbs: readonly MissingKb[]): MissingKb[] {
  const merged = new Map<string, MissingKb>()
  for (const kb of kbs) {
    const earlier = merged.get(kb.kbId)
    merged.set(kb.kbId, earlier === undefined ? kb : mergeTwo(earlier, kb))
  }
  return [...merged.values()].sort((a, b) => byText(a.kbId, b.kbId))
}

function mergeTwo(first: MissingKb, second: MissingKb): MissingKb {
  return {
    kbId: first.kbId,
    kbName: first.kbName ?? second.kbName,
    productsNames: [...new Set([...first.productsNames, ...second.productsNames])].sort(byText),
    url: first.url ?? second.url,
    cveAddressed: highest(first.cveAddressed, second.cveAddressed),
    machineMissedOn: highest(first.machineMissedOn, second.machineMissedOn),
    osBuild: first.osBuild ?? second.osBuild,
  }
}
