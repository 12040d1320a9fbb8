/** What a worker can be asked to do, and what it answers: all that is measured is measured in the worker. */
export interface Jobs {
  /** Ticks until a scheduled snapshot has ended. */
  takeSnapshot: { asked: Record<never, never>; answer: { milliseconds: number; status: string; ticks: number } }
  /** Fetches the missing KBs of these machines, so many at once, and drops the answers. */
  fetchBare: { asked: { machineIds: readonly string[]; concurrency: number }; answer: { milliseconds: number } }
  /** Reads the net diff over these snapshots and drops its rows. */
  runDiff: { asked: { snapshotIds: readonly string[] }; answer: { milliseconds: number; rows: number } }
  /** Reads one snapshot's change rows with the SDK alone. */
  readChangesBare: { asked: { snapshotId: string }; answer: { milliseconds: number; rows: number } }
  /** Reads the feed's `MissingKbs` to its end. */
  readFeed: { asked: Record<never, never>; answer: { milliseconds: number; rows: number } }
  /** Reads all intervals with the SDK alone. */
  scanIntervals: { asked: Record<never, never>; answer: { milliseconds: number; rows: number } }
  /** Reads two snapshots that were kept in full, and compares them. */
  compareFullSnapshots: { asked: { snapshotIds: readonly [string, string] }; answer: { milliseconds: number; rows: number } }
  /** The most memory that the process ever had resident, in bytes. */
  peakMemory: { asked: Record<never, never>; answer: { bytes: number } }
}

export type JobName = keyof Jobs
export type Asked<Name extends JobName> = Jobs[Name]['asked']
export type Answer<Name extends JobName> = Jobs[Name]['answer']
export type JobTable = { [Name in JobName]: (asked: Asked<Name>) => Promise<Answer<Name>> }
