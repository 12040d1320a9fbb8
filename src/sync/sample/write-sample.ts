import { disputedKbs, type Snapshot, type TenantPatch, withSample } from '../../domain/index.ts'
import { SAMPLING_POLICY } from './policy.ts'
import { isOver, packSample, type SampleState } from './sample-state.ts'
import type { Sampler } from './sampler.ts'

/**
 * Writes down how far a sample is: first where the next slice goes on, then what is shown, which follows from it. After a kill in between
 * the next slice writes the same, and more.
 */
export async function writeSample({ store, snapshot, outside }: Sampler, state: SampleState): Promise<void> {
  const { snapshotId } = snapshot
  const figures = figuresOf(state)
  await store.partial.write('sample', `${snapshotId} ${outside.clock.now()}`, packSample(state))
  await store.samples.writeMachines(snapshotId, state.disputed)
  if (state.machinesDone) await store.samples.writeKbs(snapshotId, disputedKbs(state.kbs.values(), SAMPLING_POLICY.mostNamed))
  const shown: Partial<Snapshot> = { sample: figures, ...(state.counts && state.countsDone && { counts: state.counts }) }
  await store.snapshots.write({ ...snapshot, ...shown })
}

export const figuresOf = (state: SampleState) => ({ ...state.figures, isDone: isOver(state) })

/** What a sample leaves in the tenant's row. */
export function sampledPatch({ lease }: Sampler, state: SampleState): TenantPatch {
  const { recentSamples } = lease.tenant
  const { snapshotId, turn, counts, countsDone } = state
  return {
    // A turn that has gone on from the first id, and met none yet, goes on from there.
    sampleAfter: turn.after,
    recentSamples: withSample(recentSamples, snapshotId, figuresOf(state)),
    ...(countsDone && counts?.comparedAt && { countsComparedAt: counts.comparedAt }),
  }
}
