import type { Interval } from './interval.ts'
import { foldedKbId } from './kb-id.ts'
import { isCumulative } from './product.ts'
import type { AppearedReason, ResolvedReason } from './reasons.ts'

/** One stretch in which a machine lacks a product's update without interruption. */
export interface Exposure {
  /** The snapshot in which it began. */
  exposedSince: string
  /** It may have begun before: nothing was known of the machine until then, or for a while. */
  exposedAtLeast: boolean
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
  installed: false,
  upgraded: false,
  superseded: false,
}

/** An interval that was there when it was first looked is older than its opening. */
const BEGAN_BEFORE: Readonly<Record<AppearedReason, boolean>> = { baseline: true, machineAdded: true, reopened: false, new: false }

/** The exposure of an interval; of one of an older version that of its own opening, at least. */
export function exposureOf({ exposedSince, exposedAtLeast, appearedSnapshotId }: Exposed): Exposure {
  return exposedSince === null ? { exposedSince: appearedSnapshotId, exposedAtLeast: true } : { exposedSince, exposedAtLeast }
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

/** What the intervals of a machine hand on to those that open in a snapshot: linear in their number. */
export class Inheritance {
  readonly #snapshotId: string
  readonly #productsOf: ProductsOf
  readonly #ofProduct = new Map<string, Exposure>()
  readonly #ofKb = new Map<string, Exposure>()

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
  of(opening: Pick<Interval, 'kbId' | 'productsNames' | 'appearedReason'>): Exposure {
    const own = { exposedSince: this.#snapshotId, exposedAtLeast: BEGAN_BEFORE[opening.appearedReason] }
    const handedOn = [this.#ofKb.get(foldedKbId(opening.kbId)), ...this.#productsOf(opening).map((product) => this.#ofProduct.get(product))]
    return handedOn.filter((exposure) => exposure !== undefined).reduce(earlier, own)
  }

  #takeOver(interval: Interval, lastOpening: string): void {
    const { kbId, resolvedSnapshotId, resolvedReason } = interval
    if (resolvedSnapshotId === null || resolvedReason === null) return
    if (resolvedSnapshotId === this.#snapshotId) {
      if (resolvedReason === 'superseded') this.#offer(interval, exposureOf(interval))
    } else if (HANDS_ON[resolvedReason] && resolvedSnapshotId < this.#snapshotId && resolvedSnapshotId >= lastOpening) {
      // Whatever opened since then has taken it over, or nothing will.
      const exposure = { ...exposureOf(interval), exposedAtLeast: true }
      this.#offer(interval, exposure)
      put(this.#ofKb, foldedKbId(kbId), exposure)
    }
  }

  #offer(interval: Interval, exposure: Exposure): void {
    for (const product of this.#productsOf(interval)) if (isCumulative(product)) put(this.#ofProduct, product, exposure)
  }
}

function put(exposures: Map<string, Exposure>, key: string, exposure: Exposure): void {
  const known = exposures.get(key)
  exposures.set(key, known ? earlier(known, exposure) : exposure)
}

function earlier(one: Exposure, other: Exposure): Exposure {
  if (one.exposedSince !== other.exposedSince) return one.exposedSince < other.exposedSince ? one : other
  return one.exposedAtLeast ? one : other
}
