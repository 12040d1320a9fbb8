import type { KeySpan, Place, SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import type { LearnedDensity } from './density.ts'

/** Section: a part of a set, in key order, that is read by itself: it does not depend on what is before it. */
export interface Section {
  span: KeySpan
  pages: (span: KeySpan) => AsyncGenerator<SpanPage<FeedRow>>
  /** The units of machine ids that it covers, where the density is to be learned from it. */
  units?: number
}

/** Scan: the sections of a set that an answer needs. They are cut one by one, by what the density has learned from those before. */
export interface Scan {
  sections: Iterable<Section>
  density: LearnedDensity
}

/** What is left of sections, which are in key order, from a place on. */
export function* resumeAt(sections: Iterable<Section>, place: Place | undefined): Generator<Section> {
  for (const section of sections) {
    const { from, to } = section.span
    if (!place || comparePlaces(place, from) <= 0) yield section
    else if (comparePlaces(place, to) < 0) yield { ...section, span: { from: place, to } }
  }
}

/** The order of places in a table. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.partition !== b.partition) return a.partition < b.partition ? -1 : 1
  if (a.row !== b.row) return a.row < b.row ? -1 : 1
  return Number(a.done ?? false) - Number(b.done ?? false)
}
