import { isKbDescribedAlike, type Kb, kbAttributesOf, kbInOneSnapshot, type MissingKb, renewedKb } from '../../domain/index.ts'
import type { TenantStore } from '../../store/index.ts'

/**
 * The KBs of a tenant as the answers of a snapshot name them. Names, urls and counts are refreshed here and never make a change.
 * The first answer of a snapshot replaces what was known; answers that differ within one snapshot are merged the same whatever
 * their order, so that a resumed snapshot ends with the same rows.
 */
export class KbRegister {
  readonly #snapshotId: string
  readonly #kbs = new Map<string, Kb>()
  /** Described anew: written with the machines that say so. */
  readonly #described = new Set<string>()
  /** Seen as they were known: written once the journal is empty, since most machines miss the same few. */
  readonly #sighted = new Set<string>()

  private constructor(snapshotId: string) {
    this.#snapshotId = snapshotId
  }

  static async load(store: Pick<TenantStore, 'kbs'>, snapshotId: string): Promise<KbRegister> {
    const register = new KbRegister(snapshotId)
    for await (const page of store.kbs.pages()) {
      for (const kb of page) register.#kbs.set(kb.kbId, kb)
    }
    return register
  }

  see(kbs: readonly MissingKb[]): void {
    for (const kb of kbs) {
      const known = this.#kbs.get(kb.kbId)
      const next = refreshKb(known, kb, this.#snapshotId)
      if (next === known) continue
      this.#kbs.set(kb.kbId, next)
      if (known && isKbDescribedAlike(known, next)) this.#sighted.add(kb.kbId)
      else this.#described.add(kb.kbId)
    }
  }

  /** The products of a KB as they are known by now. */
  productsOf(kbId: string): readonly string[] | undefined {
    return this.#kbs.get(kbId)?.productsNames
  }

  /** The rows described anew since they were last taken. */
  takeDescribed(): Kb[] {
    return this.#take(this.#described)
  }

  /** Every row that is not written yet. */
  takeAll(): Kb[] {
    return [...this.#take(this.#described), ...this.#take(this.#sighted)]
  }

  #take(kbIds: Set<string>): Kb[] {
    const rows = [...kbIds].flatMap((kbId) => this.#kbs.get(kbId) ?? [])
    for (const kbId of kbIds) this.#sighted.delete(kbId)
    kbIds.clear()
    return rows
  }

  all(): IterableIterator<Kb> {
    return this.#kbs.values()
  }
}

/** What is known of a KB after an answer; the same object when the answer adds nothing. */
export function refreshKb(known: Kb | undefined, kb: MissingKb, snapshotId: string): Kb {
  if (!known) {
    const attributes = kbAttributesOf(kb)
    const seen = { firstSeenSnapshotId: snapshotId, lastSeenSnapshotId: snapshotId, machinesMissing: 0 }
    return { kbId: kb.kbId, ...attributes, productsNames: [...attributes.productsNames].sort(), ...seen }
  }
  if (known.lastSeenSnapshotId !== snapshotId) return { ...known, ...renewedKb(known, kb), lastSeenSnapshotId: snapshotId }
  const merged = kbInOneSnapshot(known, kb)
  return isKbDescribedAlike(known, merged) ? known : { ...known, ...merged }
}
