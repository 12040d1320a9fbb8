import { byText } from './by-text.ts'

/** Characters of a list of texts, quotes and commas included: a property of 32K characters holds them. */
export const LONGEST_LIST_CHARACTERS = 25_000

/**
 * The texts as a list that storage takes: sorted, without duplicates, cut where they are too many. What is cut is the longest, so that
 * cutting early or late, and in whatever order lists are united, leaves the same ones: no text that comes later can have room where a
 * shorter one had none.
 */
export function textListOf(texts: Iterable<string>): string[] {
  return shortest(new Set(texts)).sort(byText)
}

/** As many of the shortest texts as have room, those of equal length by order. Only the ones at the edge are sorted for it. */
function shortest(texts: ReadonlySet<string>): string[] {
  const bySize = groupedBySize(texts)
  const kept: string[] = []
  let left = LONGEST_LIST_CHARACTERS
  for (const [characters, same] of [...bySize].sort(([one], [other]) => one - other)) {
    const room = Math.floor(left / characters)
    for (const text of room < same.length ? same.sort(byText).slice(0, room) : same) kept.push(text)
    if (room < same.length) break
    left -= same.length * characters
  }
  return kept
}

/** With its quotes, escapes and comma. */
const charactersOf = (text: string) => JSON.stringify(text).length + 1

function groupedBySize(texts: Iterable<string>): Map<number, string[]> {
  const groups = new Map<number, string[]>()
  for (const text of texts) {
    const characters = charactersOf(text)
    const same = groups.get(characters)
    if (same === undefined) groups.set(characters, [text])
    else same.push(text)
  }
  return groups
}
