import type { SnapshotRow, Trigger } from '../store/index.ts'

/** A snapshot that was asked for and that no slice has taken up yet. */
export function pendingSnapshot(snapshotId: string, trigger: Trigger): SnapshotRow {
  return {
    snapshotId,
    status: 'pending',
    trigger,
    source: 'perMachine',
    finishedAt: '',
    phase: 'listing',
    cursor: '',
    listingSkip: 0,
    listingFailures: 0,
    listingComplete: false,
    stalledSlices: 0,
    errorCode: '',
    errorDetail: '',
    listed: 0,
    notListed: 0,
    wanted: 0,
    observed: 0,
    unknown: 0,
    skipped: 0,
    removed: 0,
    appeared: 0,
    resolved: 0,
    missingPairs: 0,
    missingKbs: 0,
    missingMachines: 0,
    calls: 0,
    throttled: 0,
    retries: 0,
    slices: 0,
    activeMilliseconds: 0,
    skippedStarts: 0,
  }
}
