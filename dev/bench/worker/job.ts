/** What a worker can be asked to do, and what it answers: all that is measured is measured in the worker. */
export interface Jobs {
  /** Asks for a snapshot and ticks until it has ended. */
  takeSnapshot: { asked: Record<never, never>; answer: { milliseconds: number; status: string; ticks: number } }
  /** Fetches the missing KBs of these machines, so many at once, and drops the answers. */
  fetchBare: { asked: { machineIds: readonly string[]; concurrency: number }; answer: { milliseconds: number } }
  /** The most memory that the process ever had resident, in bytes. */
  peakMemory: { asked: Record<never, never>; answer: { bytes: number } }
}

export type JobName = keyof Jobs
export type Asked<Name extends JobName> = Jobs[Name]['asked']
export type Answer<Name extends JobName> = Jobs[Name]['answer']
export type JobTable = { [Name in JobName]: (asked: Asked<Name>) => Promise<Answer<Name>> }
