import type { KbFacts } from '../domain/index.ts'
import type { CatalogueTable } from './catalogue-table.ts'

/** The catalogue is read once a day: what was looked up is taken for so long before it is looked up again. */
const FRESH_MS = 10 * 60_000

/** KBs that are kept at once, known or not: about 3 KB each. Of more, all are looked up anew. */
const MOST_KEPT = 10_000

/** What the public sources say, looked up once for all who ask within a while. */
export class KnownCatalogue {
  readonly #table: Pick<CatalogueTable, 'getMany'>
  readonly #now: () => number
  readonly #kept = new Map<string, { facts: KbFacts | undefined; atMs: number }>()

  constructor(table: Pick<CatalogueTable, 'getMany'>, now: () => number) {
    this.#table = table
    this.#now = now
  }

  /** The facts of KBs by the ids they were asked for; those that nothing is known of are left out. */
  async factsOf(kbIds: Iterable<string>): Promise<ReadonlyMap<string, KbFacts>> {
    const asked = [...new Set(kbIds)]
    const nowMs = this.#now()
    const missing = asked.filter((kbId) => !this.#isFresh(kbId, nowMs))
    if (missing.length > 0) await this.#lookUp(missing, nowMs)
    return new Map(
      asked.flatMap((kbId) => {
        const facts = this.#kept.get(kbId)?.facts
        return facts ? [[kbId, facts] as const] : []
      }),
    )
  }

  async #lookUp(kbIds: readonly string[], atMs: number): Promise<void> {
    const found = await this.#table.getMany(kbIds)
    if (this.#kept.size + kbIds.length > MOST_KEPT) this.#kept.clear()
    for (const kbId of kbIds) this.#kept.set(kbId, { facts: found.get(kbId), atMs })
  }

  /** A clock may have been set back. */
  #isFresh(kbId: string, nowMs: number): boolean {
    const kept = this.#kept.get(kbId)
    return kept !== undefined && Math.abs(nowMs - kept.atMs) < FRESH_MS
  }
}
