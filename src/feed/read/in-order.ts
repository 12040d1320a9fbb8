import type { SpanPage } from '../../store/index.ts'
import type { FeedRow } from '../filter/bind-filter.ts'
import type { Section } from './section.ts'

type Page = SpanPage<FeedRow>

/** Whether a page came from the storage, and does not only mark a section's end. */
export const isRequest = (page: Page) => page.scanned > 0 || page.end === undefined

/**
 * The pages of sections in their order, the next ones read side by side: as many as `wanted` says at the moment. After a section's last
 * page comes an empty one that ends where the section ends.
 */
export async function* inOrder(sections: Iterator<Section>, wanted: () => number): AsyncGenerator<Page> {
  const open: OpenSection[] = []
  try {
    for (;;) {
      while (open.length < Math.max(1, wanted())) {
        const next = sections.next()
        if (next.done === true) break
        open.push(new OpenSection(next.value))
      }
      const [first] = open
      if (!first) return
      const page = await first.next()
      if (!page) open.shift()
      yield page ?? { rows: [], scanned: 0, end: first.end }
      if (page && wanted() > 1) first.readAhead()
    }
  } finally {
    for (const section of open) section.close()
  }
}

/** A section with its first page on the way. */
class OpenSection {
  readonly end
  readonly #pages: AsyncGenerator<Page>
  #ahead: Promise<IteratorResult<Page, unknown>> | undefined

  constructor({ span, pages }: Section) {
    this.end = span.to
    this.#pages = pages(span)
    this.readAhead()
  }

  readAhead(): void {
    this.#ahead ??= this.#pages.next()
    // Whoever calls `next` learns of the failure; nobody may, when the page is complete before.
    this.#ahead.catch(() => undefined)
  }

  /** The next page; undefined at the end. */
  async next(): Promise<Page | undefined> {
    const reading = this.#ahead ?? this.#pages.next()
    this.#ahead = undefined
    const result = await reading
    return result.done === true ? undefined : result.value
  }

  close(): void {
    void this.#pages.return(undefined).catch(() => undefined)
  }
}
