import { united } from './attribute.ts'
import { byText } from './by-text.ts'
import { MISSING_KB_ATTRIBUTES, type MissingKb } from './kb.ts'

/** One KB of each id, sorted by it: products united, the higher of the counts, the first text that is there. */
export function mergeKbs(kbs: readonly MissingKb[]): MissingKb[] {
  const byId = new Map<string, MissingKb[]>()
  for (const kb of kbs) {
    const same = byId.get(kb.kbId)
    if (same === undefined) byId.set(kb.kbId, [kb])
    else same.push(kb)
  }
  return [...byId].map(([kbId, same]) => mergeSame(kbId, same)).sort((a, b) => byText(a.kbId, b.kbId))
}

/** All rows of one KB at once: two by two, a KB of many rows would be sorted and copied once for each. */
function mergeSame(kbId: string, same: readonly MissingKb[]): MissingKb {
  const [only] = same
  if (only !== undefined && same.length === 1) return only
  const rows = same.map((kb) => ({ ...kb, machineMissedOn: kb.machineMissedOn ?? null, osBuild: kb.osBuild ?? null }))
  return { kbId, ...united(MISSING_KB_ATTRIBUTES, rows, (text) => text) }
}
