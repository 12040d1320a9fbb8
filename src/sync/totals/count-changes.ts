import { addKbChange } from '../../domain/index.ts'
import { BUCKETS, type ChangeColumn, changeKey } from '../../store/index.ts'
import { eachAtOnce } from '../../each-at-once.ts'
import type { Slice } from '../slice/slice.ts'
import type { Sums } from './sums.ts'

/** Only what is counted is read. */
const COUNTED = [
  ...['change', 'reason', 'appearedSnapshotId', 'exposedSince', 'exposedAtLeast', 'stillExposed'],
  ...['reopenedAfter', 'takenOver', 'rbacGroupName', 'osPlatform'],
] as ChangeColumn[]

/** Buckets that are read side by side: more would only wait for the processor. */
const BUCKETS_AT_ONCE = 4

/** Counts the changes of the snapshot behind those counted before; at least a page of a bucket, and stops when the slice is late. */
export async function countChanges(slice: Slice, sums: Sums): Promise<void> {
  const left = BUCKETS.filter((bucket) => sums.changedBuckets.has(bucket) && !sums.progress.bucketsDone.includes(bucket))
  let isBegun = false
  await eachAtOnce(left, BUCKETS_AT_ONCE, (bucket) => countBucket(slice, sums, bucket), {
    isStopped: () => {
      const isStopped = isBegun && slice.stop.isLate
      isBegun = true
      return isStopped
    },
  })
}

async function countBucket(slice: Slice, sums: Sums, bucket: string): Promise<void> {
  const { snapshotId, progress } = sums
  const after = progress.changes[bucket]
  for await (const page of slice.ports.store.changes.pages({ snapshotId, bucket, ...(after !== undefined && { after }) }, COUNTED)) {
    await slice.ports.lease.ensureHeld()
    for (const change of page) {
      addKbChange(sums.kb(slice.journal.kbs.spellingOf(change.kbId)), change)
      for (const counter of sums.countersOf(change)) counter.addChange(change)
    }
    const last = page.at(-1)
    if (last) progress.changes[bucket] = changeKey(last)
    if (last && slice.stop.isLate) return
  }
  progress.bucketsDone += bucket
}

/** Whether nothing is left to count. */
export function isCounted({ progress, changedBuckets }: Sums): boolean {
  return progress.machinesDone && [...changedBuckets].every((bucket) => progress.bucketsDone.includes(bucket))
}
