import type { KbRow, Store } from '../store/index.ts'
import type { AnsweredKb } from './compare.ts'

/**
 * The KBs of a tenant as the answers of a snapshot name them. Names, urls and counts are refreshed here and never make a change.
 * The first answer of a snapshot replaces what was known; answers that differ within one snapshot are merged the same whatever
 * their order, so that a resumed snapshot ends with the same rows.
 */
export class KbRegister {
  readonly #snapshotId: string
  readonly #kbs = new Map<string, KbRow>()
  /** Described anew: written with the machines that say so. */
  readonly #described = new Set<string>()
  /** Seen as they were known: written once the journal is empty, since most machines miss the same few. */
  readonly #sighted = new Set<string>()

  private constructor(snapshotId: string) {
    this.#snapshotId = snapshotId
  }

  static async load(store: Store, tenantId: string, snapshotId: string): Promise<KbRegister> {
    const register = new KbRegister(snapshotId)
    for await (const page of store.kbs.pages(tenantId)) {
      for (const kb of page) register.#kbs.set(kb.kbId, kb)
    }
    return register
  }

  see(kbs: readonly AnsweredKb[]): void {
    for (const kb of kbs) {
      const known = this.#kbs.get(kb.kbId)
      const next = refreshKb(known, kb, this.#snapshotId)
      if (next === known) continue
      this.#kbs.set(kb.kbId, next)
      if (known && isDescribedAlike(known, next)) this.#sighted.add(kb.kbId)
      else this.#described.add(kb.kbId)
    }
  }

  /** The rows described anew since they were last taken. */
  takeDescribed(): KbRow[] {
    return this.#take(this.#described)
  }

  /** Every row that is not written yet. */
  takeAll(): KbRow[] {
    return [...this.#take(this.#described), ...this.#take(this.#sighted)]
  }

  #take(kbIds: Set<string>): KbRow[] {
    const rows = [...kbIds].flatMap((kbId) => this.#kbs.get(kbId) ?? [])
    for (const kbId of kbIds) this.#sighted.delete(kbId)
    kbIds.clear()
    return rows
  }

  all(): IterableIterator<KbRow> {
    return this.#kbs.values()
  }
}

/** The row after an answer; the same object when the answer adds nothing. */
export function refreshKb(known: KbRow | undefined, kb: AnsweredKb, snapshotId: string): KbRow {
  if (!known) {
    const { kbId, kbName, productsNames, url, cveAddressed } = kb
    const seen = { firstSeenSnapshotId: snapshotId, lastSeenSnapshotId: snapshotId }
    return { kbId, kbName, productsNames: [...productsNames].sort(), url, cveAddressed, ...seen, machinesMissing: 0 }
  }
  if (known.lastSeenSnapshotId !== snapshotId) {
    return {
      ...known,
      kbName: kb.kbName ?? known.kbName,
      productsNames: kb.productsNames.length > 0 ? kb.productsNames : known.productsNames,
      url: kb.url ?? known.url,
      cveAddressed: kb.cveAddressed ?? known.cveAddressed,
      lastSeenSnapshotId: snapshotId,
    }
  }
  return mergeKb(known, kb)
}

function isDescribedAlike(a: KbRow, b: KbRow): boolean {
  return a.kbName === b.kbName && a.url === b.url && a.cveAddressed === b.cveAddressed && a.productsNames.join() === b.productsNames.join()
}

function mergeKb(known: KbRow, kb: AnsweredKb): KbRow {
  const productsNames = kb.productsNames.every((product) => known.productsNames.includes(product))
    ? known.productsNames
    : [...new Set([...known.productsNames, ...kb.productsNames])].sort()
  const kbName = firstOf(known.kbName, kb.kbName)
  const url = firstOf(known.url, kb.url)
  const cveAddressed = largerOf(known.cveAddressed, kb.cveAddressed)
  const same = productsNames === known.productsNames && kbName === known.kbName && url === known.url && cveAddressed === known.cveAddressed
  return same ? known : { ...known, productsNames, kbName, url, cveAddressed }
}

const firstOf = (a: string | null, b: string | null) => (a === null ? b : b === null || a <= b ? a : b)
const largerOf = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.max(a, b))
