import { byText } from './by-text.ts'
import { MISSING_KB_ATTRIBUTES, type MissingKb } from './kb.ts'
import { united } from './attribute.ts'

/** One KB of each id, sorted by it: products united, the higher of the counts, the first text that is there. */
export function mergeKbs(kbs: readonly MissingKb[]): MissingKb[] {
  const merged = new Map<string, MissingKb>()
  for (const kb of kbs) {
    const earlier = merged.get(kb.kbId)
    merged.set(kb.kbId, earlier === undefined ? kb : mergeTwo(earlier, kb))
  }
  return [...merged.values()].sort((a, b) => byText(a.kbId, b.kbId))
}

const NOTHING_MORE = { machineMissedOn: null, osBuild: null }

function mergeTwo(first: MissingKb, second: MissingKb): MissingKb {
  const [one, other] = [
    { ...NOTHING_MORE, ...first },
    { ...NOTHING_MORE, ...second },
  ]
  return { kbId: first.kbId, ...united(MISSING_KB_ATTRIBUTES, one, other, (text) => text) }
}
