import { atOf, byText, compareCounts, type CountFigures, softwareIdOf, withCounts } from '../../domain/index.ts'
import type { SoftwareKbsResult } from '../../defender/index.ts'
import { keptProductCounts } from './product-counts.ts'
import type { SampleState } from './sample-state.ts'
import type { Sampler } from './sampler.ts'

/**
 * Compares on how many machines each KB is missing, by product, with what Defender counts: what is lost on the way from there to here shows
 * in no sample. Asked product by product, until all are through or the slice stops.
 */
export async function compareProducts(sampler: Sampler, state: SampleState): Promise<void> {
  const { store, snapshot, stop, lease } = sampler
  const kept = await keptProductCounts(store, snapshot.snapshotId)
  if (!kept || !state.counts) return done(state, null)
  for (const product of [...kept.keys()].sort(byText)) {
    if (state.productsThrough !== null && product <= state.productsThrough) continue
    if (stop.reason) return
    await lease.ensureHeld()
    const figures = await compareProduct(sampler, state.counts, product, kept.get(product) ?? new Map())
    if (!figures) return
    state.counts = figures
    state.productsThrough = product
  }
  done(state, { ...state.counts, comparedAt: atOf(sampler.outside.clock.now()) })
}

function done(state: SampleState, counts: CountFigures | null): void {
  state.counts = counts
  state.countsDone = true
}

/** The figures with a product; undefined where the slice stopped before Defender had told. Its rows are written at once, and the same again. */
async function compareProduct(
  { calls, defender, store, snapshot, stalls }: Sampler,
  figures: CountFigures,
  product: string,
  ours: ReadonlyMap<string, number>,
): Promise<CountFigures | undefined> {
  const asked = await calls.ask<Extract<SoftwareKbsResult, { kind: 'counted' }>>('machines', (anotherCall) =>
    defender.softwareMissingKbs(softwareIdOf(product), anotherCall),
  )
  if (asked.kind === 'stopped') return undefined
  if (asked.kind === 'unknown') return asked.cutOff && stalls.mayBeginAnew ? undefined : { ...figures, unanswered: figures.unanswered + 1 }
  const rows = compareCounts(product, ours, asked.answer.kbs)
  await store.samples.writeCounts(snapshot.snapshotId, rows)
  return withCounts(figures, rows)
}
