import type { Place, SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/value.ts'
import { Prefetched } from './prefetched.ts'
import type { Scan, Section } from './section.ts'

/** What reading meets, in key order: a storage page, each of which is one request, or the end of a section, behind all of its pages. */
export type ReadStep = ({ kind: 'storagePage' } & SpanPage<FeedRow>) | { kind: 'sectionEnd'; end: Place }

/**
 * Reads the sections of a scan in their order, as many side by side as `sectionsWanted` says at the moment, and one at least. The others
 * have their first page fetched; the first one is read to its end, and its density learned.
 */
export async function* readInOrder({ sections, density }: Scan, sectionsWanted: () => number): AsyncGenerator<ReadStep> {
  const unopened = sections[Symbol.iterator]()
  const open: OpenSection[] = []
  try {
    for (;;) {
      openMore(open, unopened, sectionsWanted())
      const [first] = open
      if (!first) return
      const page = await first.pages.take()
      if (page) {
        first.rowsRead += page.scanned
        yield { kind: 'storagePage', ...page }
        if (sectionsWanted() > 1) first.pages.prefetch()
      } else {
        open.shift()
        if (first.units !== undefined) density.learn(first.rowsRead, first.units)
        yield { kind: 'sectionEnd', end: first.span.to }
      }
    }
  } finally {
    for (const { pages } of open) pages.close()
  }
}

interface OpenSection extends Omit<Section, 'pages'> {
  pages: Prefetched<SpanPage<FeedRow>>
  rowsRead: number
}

/** Opens sections until so many are open, each with its first page on the way. */
function openMore(open: OpenSection[], unopened: Iterator<Section>, wanted: number): void {
  while (open.length < Math.max(1, wanted)) {
    const next = unopened.next()
    if (next.done === true) return
    const pages = new Prefetched(next.value.pages(next.value.span))
    pages.prefetch()
    open.push({ ...next.value, pages, rowsRead: 0 })
  }
}
