import type { PhaseName } from './phase.ts'
import type { CountFigures } from './product-counts.ts'
import type { SampleFigures } from './sample-figures.ts'

export const SNAPSHOT_STATUSES = ['pending', 'running', 'completed', 'incomplete', 'failed'] as const
export type SnapshotStatus = (typeof SNAPSHOT_STATUSES)[number]

export const TRIGGERS = ['schedule', 'manual'] as const
export type Trigger = (typeof TRIGGERS)[number]

/** How a snapshot learns what machines miss; each is a source in `src/sources/`. */
export const SOURCE_KINDS = ['perMachine', 'export'] as const
export type SourceKind = (typeof SOURCE_KINDS)[number]

/** Whether a source tells the fixes of single vulnerabilities, from which what a machine misses is derived. */
export const isDerived = (source: SourceKind): boolean => source === 'export'

/** One pass over all machines of a tenant. */
export interface Snapshot {
  snapshotId: string
  status: SnapshotStatus
  trigger: Trigger
  source: SourceKind
  /** When Defender made the export that it reads; null of other sources, and before one is found. */
  sourceTime: string | null
  finishedAt: string | null
  phase: PhaseName
  /** The last machine up to which the phase is done. */
  cursor: string | null
  /** Rows of the listing read so far: the next page's `$skip`. */
  listingSkip: number
  /** Times that a page was empty since the last one with machines. */
  listingEnds: number
  /** Slices in which the listing could not go on. */
  listingFailures: number
  listingComplete: boolean
  /** Slices on end that spent calls and brought no machine to its end. */
  stalledSlices: number
  /** Different machines that Defender refused to speak of, since one was answered that was asked because of them. */
  refusedMachineIds: readonly string[]
  errorCode: string | null
  errorDetail: string | null
  listed: number
  /** Known machines that the listing did not bring: to be asked for by id. */
  notListed: number
  /** Machines to be asked: listed, of the wanted platforms. */
  wanted: number
  observed: number
  /** Of the observed, those whose last report is over 30 days old, or never was; null while it runs, and of an older version. */
  silent: number | null
  unknown: number
  skipped: number
  removed: number
  appeared: number
  resolved: number
  missingPairs: number
  missingKbs: number
  missingMachines: number
  /** Exposures of over 30 days; null where that was not counted. */
  over30: number | null
  /** The buckets in which it made changes, as hex digits: `07f`. null where that is not known: of a snapshot that runs, or of an older version. */
  changedBuckets: string | null
  calls: number
  throttled: number
  retries: number
  slices: number
  activeMilliseconds: number
  /** Scheduled starts that fell due while this snapshot ran. */
  skippedStarts: number
  /** What asking Defender itself about some of its machines came to, after it ended; null where that was not done. */
  sample: SampleFigures | null
  /** What comparing its counts by product with Defender's came to; null where that was not done. */
  counts: CountFigures | null
}

export const isEnded = ({ status }: Pick<Snapshot, 'status'>) => status !== 'pending' && status !== 'running'

/** A snapshot that was asked for and that no slice has taken up yet. */
export function pendingSnapshot(snapshotId: string, trigger: Trigger, source: SourceKind = 'perMachine'): Snapshot {
  return { snapshotId, status: 'pending', trigger, source, sourceTime: null, finishedAt: null, ...NOTHING_DONE, ...NOTHING_COUNTED }
}

const NOTHING_DONE = {
  phase: 'listing',
  cursor: null,
  listingSkip: 0,
  listingEnds: 0,
  listingFailures: 0,
  listingComplete: false,
  stalledSlices: 0,
  refusedMachineIds: [],
  errorCode: null,
  errorDetail: null,
} as const

const NOTHING_COUNTED = {
  listed: 0,
  notListed: 0,
  wanted: 0,
  observed: 0,
  silent: null,
  unknown: 0,
  skipped: 0,
  removed: 0,
  appeared: 0,
  resolved: 0,
  missingPairs: 0,
  missingKbs: 0,
  missingMachines: 0,
  over30: null,
  changedBuckets: null,
  calls: 0,
  throttled: 0,
  retries: 0,
  slices: 0,
  activeMilliseconds: 0,
  skippedStarts: 0,
  sample: null,
  counts: null,
} as const

/** Whether its row says that it made changes. Of an older version only their number tells. */
export function madeChanges({ changedBuckets, appeared, resolved }: Pick<Snapshot, 'changedBuckets' | 'appeared' | 'resolved'>): boolean {
  return changedBuckets === null ? appeared + resolved > 0 : changedBuckets !== ''
}

/** `completed` takes every machine observed, a listing read to its end, and no doubt about what the source said. */
export function endStatus({
  status,
  listed,
  unknown,
  listingComplete,
  errorCode,
}: Pick<Snapshot, 'status' | 'listed' | 'unknown' | 'listingComplete' | 'errorCode'>): SnapshotStatus {
  if (status === 'failed' || (!listingComplete && listed === 0)) return 'failed'
  return unknown === 0 && listingComplete && errorCode === null ? 'completed' : 'incomplete'
}

/** Whether the snapshot tells anything: Defender answered for a machine, or has none. */
export function broughtAnswers({ status, observed, wanted }: Snapshot): boolean {
  return observed > 0 || (status === 'completed' && wanted === 0)
}
