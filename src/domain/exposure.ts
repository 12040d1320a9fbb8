import { byText } from './by-text.ts'
import type { Interval } from './interval.ts'
import { foldedKbId, isSameKb } from './kb-id.ts'
import { isCumulative } from './product.ts'
import type { AppearedReason, ResolvedReason } from './reasons.ts'

/** One stretch in which a machine lacks a product's update without interruption. */
export interface Exposure {
  /** The snapshot in which it began. */
  exposedSince: string
  /** It may have begun before: nothing was known of the machine until then, or for a while. */
  exposedAtLeast: boolean
}

/** An exposure with what it began with. */
export interface Beginning extends Exposure {
  /** Ids of the KBs of the intervals that it began with, sorted; empty where that is its own, or where an older version wrote the row. */
  exposedWith: readonly string[]
}

/** An interval without its exposure is a row of an older version. */
type Exposed = Pick<Interval, 'exposedSince' | 'exposedAtLeast' | 'appearedSnapshotId'>

/** Products of an interval, as far as they are known. */
export type ProductsOf = (interval: Pick<Interval, 'kbId' | 'productsNames'>) => readonly string[]

/** Reasons by which an interval says nothing of the machine: what it opens next takes the exposure over. After the others it starts anew. */
export const HANDS_ON: Readonly<Record<ResolvedReason, boolean>> = {
  silent: true,
  excluded: true,
  reassessed: true,
  removed: true,
  rebased: true,
  installed: false,
  upgraded: false,
  superseded: false,
}

/** An interval that was there when it was first looked is older than its opening. */
const BEGAN_BEFORE: Readonly<Record<AppearedReason, boolean>> = {
  baseline: true,
  machineAdded: true,
  rebased: true,
  reopened: false,
  new: false,
}

/** The exposure of an interval; of one of an older version that of its own opening, at least. */
export function exposureOf({ exposedSince, exposedAtLeast, appearedSnapshotId }: Exposed): Exposure {
  return exposedSince === null ? { exposedSince: appearedSnapshotId, exposedAtLeast: true } : { exposedSince, exposedAtLeast }
}

/** The same with the KBs that it began with. */
export const beginningOf = (interval: Exposed & Pick<Interval, 'exposedWith'>): Beginning => ({
  ...exposureOf(interval),
  exposedWith: interval.exposedWith,
})

/** The KBs that an exposure began with; the earliest released of them says since when it could have been over. */
export function firstKbs({ kbId, exposedWith }: Pick<Interval, 'kbId' | 'exposedWith'>): readonly string[] {
  return exposedWith.length > 0 ? exposedWith : [kbId]
}

/** Whether a machine stays exposed by an interval that closes; null where nothing can be claimed. `isPassedOn`: another one took it over. */
export function stillExposedAfter(reason: ResolvedReason, isPassedOn: boolean): boolean | null {
  if (reason === 'installed' || reason === 'upgraded') return false
  return reason === 'superseded' && isPassedOn ? true : null
}

/** Exposure passes on only where an update contains the one before: through a product in common whose updates are cumulative. */
export function isPassedOn(from: readonly string[], to: readonly string[]): boolean {
  return from.some((product) => isCumulative(product) && to.includes(product))
}

/**
 * Whether a closed interval leaves its exposure to what opens in a snapshot, where `lastOpening` is the last one before that opened anything:
 * whatever opened since then has taken it over, or nothing will. What another source lists in its place takes it over at once.
 */
export function isLeftTo(
  { resolvedSnapshotId, resolvedReason }: Pick<Interval, 'resolvedSnapshotId' | 'resolvedReason'>,
  snapshotId: string,
  lastOpening: string,
): boolean {
  if (resolvedSnapshotId === null || resolvedReason === null || !HANDS_ON[resolvedReason]) return false
  if (resolvedReason === 'rebased') return resolvedSnapshotId <= snapshotId && resolvedSnapshotId > lastOpening
  return resolvedSnapshotId < snapshotId && resolvedSnapshotId >= lastOpening
}

/** What the intervals of a machine hand on to those that open in a snapshot: linear in their number. */
export class Inheritance {
  readonly #snapshotId: string
  readonly #productsOf: ProductsOf
  readonly #ofProduct = new Map<string, Beginning>()
  readonly #ofKb = new Map<string, Beginning>()

  /** `intervals` with what closes in the snapshot closed, and every exposure known. */
  constructor(intervals: readonly Interval[], snapshotId: string, productsOf: ProductsOf) {
    this.#snapshotId = snapshotId
    this.#productsOf = productsOf
    const lastOpening = intervals
      .map((interval) => interval.appearedSnapshotId)
      .reduce((last, id) => (id < snapshotId && id > last ? id : last), '')
    for (const interval of intervals) this.#takeOver(interval, lastOpening)
  }

  /** Where the exposure of an interval begins that opens in the snapshot; of equally early ones "at least" wins. */
  of(opening: Pick<Interval, 'kbId' | 'productsNames' | 'appearedReason' | 'contains'>): Beginning {
    // What a bulk source lists beside it, and it contains, is missed as long as it is.
    const exposedWith = opening.contains.length > 0 ? [...opening.contains, opening.kbId].sort(byText) : []
    const own: Beginning = { exposedSince: this.#snapshotId, exposedAtLeast: BEGAN_BEFORE[opening.appearedReason], exposedWith }
    const handedOn = [this.#ofKb.get(foldedKbId(opening.kbId)), ...this.#productsOf(opening).map((product) => this.#ofProduct.get(product))]
    return handedOn.filter((exposure) => exposure !== undefined).reduce(earlier, own)
  }

  #takeOver(interval: Interval, lastOpening: string): void {
    const isSuperseded = interval.resolvedSnapshotId === this.#snapshotId && interval.resolvedReason === 'superseded'
    if (isSuperseded) this.#offer(interval, handedOn(interval))
    else if (isLeftTo(interval, this.#snapshotId, lastOpening)) {
      const exposure = { ...handedOn(interval), exposedAtLeast: true }
      this.#offer(interval, exposure)
      put(this.#ofKb, foldedKbId(interval.kbId), exposure)
    }
  }

  #offer(interval: Interval, exposure: Beginning): void {
    for (const product of this.#productsOf(interval)) if (isCumulative(product)) put(this.#ofProduct, product, exposure)
  }
}

/** Who takes it over is another KB: what it began with is named. */
const handedOn = (interval: Interval): Beginning => ({ ...exposureOf(interval), exposedWith: firstKbs(interval) })

function put(exposures: Map<string, Beginning>, key: string, exposure: Beginning): void {
  const known = exposures.get(key)
  exposures.set(key, known ? earlier(known, exposure) : exposure)
}

/** Of equally early ones both began it. */
function earlier(one: Beginning, other: Beginning): Beginning {
  if (one.exposedSince !== other.exposedSince) return one.exposedSince < other.exposedSince ? one : other
  return { ...(one.exposedAtLeast ? one : other), exposedWith: united(one.exposedWith, other.exposedWith) }
}

/** One spelling of each, whichever comes first. */
function united(one: readonly string[], other: readonly string[]): readonly string[] {
  const sorted = [...one, ...other].sort(byText)
  return sorted.filter((kbId, index) => sorted.findIndex((first) => isSameKb(first, kbId)) === index)
}
