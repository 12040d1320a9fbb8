import {
  byText,
  cohortOf,
  foldedKbId,
  isCohort,
  isKbDescribedAlike,
  type Kb,
  kbAttributesOf,
  kbInOneSnapshot,
  type MissingKb,
  renewedKb,
} from '../../domain/index.ts'
import type { TenantStore } from '../../store/index.ts'

/**
 * The KBs of a tenant as the answers of a snapshot name them. Names, urls and counts are refreshed here and never make a change.
 * The first answer of a snapshot replaces what was known; answers that differ within one snapshot are merged the same whatever
 * their order, so that a resumed snapshot ends with the same rows.
 */
export class KbRegister {
  readonly #snapshotId: string
  /** By folded id. */
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
    const doubles: string[] = []
    for await (const page of store.kbs.pages()) {
      for (const kb of page) {
        const dropped = register.#know(kb)
        if (dropped) doubles.push(dropped.kbId)
      }
    }
    await store.kbs.delete(doubles)
    return register
  }

  /** Of two rows of one KB, which an older version told apart by letter case, the one that is not kept: the first seen stays. */
  #know(kb: Kb): Kb | undefined {
    const id = foldedKbId(kb.kbId)
    const other = this.#kbs.get(id)
    const isFirst = other === undefined || byText(kb.firstSeenSnapshotId, other.firstSeenSnapshotId) < 0
    if (isFirst) this.#kbs.set(id, this.#withCohort(id, kb))
    return isFirst ? other : kb
  }

  /** A row of an older version has no cohort yet: decided once, and written with what is seen. */
  #withCohort(id: string, kb: Kb): Kb {
    if (kb.cohort !== null && isCohort(kb.cohort)) return kb
    this.#sighted.add(id)
    return { ...kb, cohort: cohortOf(kb) }
  }

  /** Notes what an answer says of KBs, and gives it back with every id as it was spelt first. */
  see(kbs: readonly MissingKb[]): MissingKb[] {
    return kbs.map((kb) => {
      const id = foldedKbId(kb.kbId)
      const known = this.#kbs.get(id)
      const next = refreshKb(known, kb, this.#snapshotId)
      if (next !== known) {
        this.#kbs.set(id, next)
        if (known && isKbDescribedAlike(known, next)) this.#sighted.add(id)
        else this.#described.add(id)
      }
      return next.kbId === kb.kbId ? kb : { ...kb, kbId: next.kbId }
    })
  }

  /** An id as it was spelt first. */
  spellingOf(kbId: string): string {
    return this.#kbs.get(foldedKbId(kbId))?.kbId ?? kbId
  }

  /** The products of a KB as they are known by now. */
  productsOf(kbId: string): readonly string[] | undefined {
    return this.#kbs.get(foldedKbId(kbId))?.productsNames
  }

  /** The rows described anew since they were last taken. */
  takeDescribed(): Kb[] {
    return this.#take(this.#described)
  }

  /** Every row that is not written yet. */
  takeAll(): Kb[] {
    return [...this.#take(this.#described), ...this.#take(this.#sighted)]
  }

  #take(ids: Set<string>): Kb[] {
    const rows = [...ids].flatMap((id) => this.#kbs.get(id) ?? [])
    for (const id of ids) this.#sighted.delete(id)
    ids.clear()
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
    const cohort = cohortOf({ ...attributes, firstSeenSnapshotId: snapshotId })
    const seen = {
      firstSeenSnapshotId: snapshotId,
      cohort,
      outcomes: null,
      lastSeenSnapshotId: snapshotId,
      machinesMissing: 0,
      machinesOverdue: null,
    }
    return { kbId: kb.kbId, ...attributes, productsNames: [...attributes.productsNames].sort(), ...seen }
  }
  if (known.lastSeenSnapshotId !== snapshotId) return { ...known, ...renewedKb(known, kb), lastSeenSnapshotId: snapshotId }
  const merged = kbInOneSnapshot(known, kb)
  if (isKbDescribedAlike(known, merged)) return known
  // Which answer is the first to name a KB is chance: its cohort is that of what they say together.
  const isNew = known.firstSeenSnapshotId === snapshotId
  return { ...known, ...merged, ...(isNew && { cohort: cohortOf({ ...merged, firstSeenSnapshotId: snapshotId }) }) }
}
