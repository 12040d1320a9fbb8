import { united } from './attribute.ts'
import { byText } from './by-text.ts'
import { foldedKbId } from './kb-id.ts'
import { MISSING_KB_ATTRIBUTES, type MissingKb } from './kb.ts'

/** One KB of each id, as it is spelt first, sorted by it: products united, the higher of the counts, the first text that is there. */
export function mergeKbs(kbs: readonly MissingKb[]): MissingKb[] {
  const byId = new Map<string, [MissingKb, ...MissingKb[]]>()
  for (const kb of kbs) {
    const id = foldedKbId(kb.kbId)
    const same = byId.get(id)
    if (same === undefined) byId.set(id, [kb])
    else same.push(kb)
  }
  return [...byId.values()].map(mergeSame).sort((a, b) => byText(a.kbId, b.kbId))
}

/** All rows of one KB at once: two by two, a KB of many rows would be sorted and copied once for each. */
function mergeSame(same: readonly [MissingKb, ...MissingKb[]]): MissingKb {
  const [first] = same
  if (same.length === 1) return first
  const rows = same.map((kb) => ({ ...kb, machineMissedOn: kb.machineMissedOn ?? null, osBuild: kb.osBuild ?? null }))
  return { kbId: first.kbId, ...united(MISSING_KB_ATTRIBUTES, rows, (text) => text) }
}
