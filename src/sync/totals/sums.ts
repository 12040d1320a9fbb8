import {
  emptyKbSums,
  type KbSums,
  MOST_GROUPS,
  MOST_IN_TOP,
  OTHER_GROUPS,
  type TopMachine,
  topOf,
  TrendCounter,
} from '../../domain/index.ts'

/** What the machines come to, as the snapshot's row says it. */
export interface MachineCounts {
  listed: number
  observed: number
  silent: number
  unknown: number
  skipped: number
  removed: number
  missingPairs: number
  missingMachines: number
}

export const MACHINE_LISTS = ['oldestMachines', 'worstMachines', 'longUnknown'] as const
export type MachineList = (typeof MACHINE_LISTS)[number]

/** How far the counting has come: machines up to one of them, and of each bucket the changes up to one of them. */
export interface Progress {
  machine: string | null
  machinesDone: boolean
  /** The last row counted by bucket. */
  changes: Record<string, string>
  bucketsDone: string
}

type Groups = Map<string | null, TrendCounter>

/** What a snapshot came to as far as it is counted: from the rows themselves, so that kills and resumptions cannot make it drift. */
export class Sums {
  readonly snapshotId: string
  readonly counts: MachineCounts = {
    ...{ listed: 0, observed: 0, silent: 0, unknown: 0, skipped: 0, removed: 0, missingPairs: 0, missingMachines: 0 },
  }
  fleet: TrendCounter
  readonly groups: { rbacGroup: Groups; osPlatform: Groups } = { rbacGroup: new Map(), osPlatform: new Map() }
  readonly kbs = new Map<string, KbSums>()
  readonly changedBuckets = new Set<string>()
  readonly lists: Record<MachineList, TopMachine[]> = { oldestMachines: [], worstMachines: [], longUnknown: [] }
  progress: Progress = { machine: null, machinesDone: false, changes: {}, bucketsDone: '' }

  constructor(snapshotId: string) {
    this.snapshotId = snapshotId
    this.fleet = new TrendCounter(snapshotId)
  }

  kb(kbId: string): KbSums {
    const found = this.kbs.get(kbId) ?? emptyKbSums()
    this.kbs.set(kbId, found)
    return found
  }

  /** The counters that a machine, or a change of one, counts in: the tenant's, its group's and its platform's. */
  countersOf({ rbacGroupName, osPlatform }: { rbacGroupName: string | null; osPlatform: string | null }): TrendCounter[] {
    const { rbacGroup, osPlatform: platforms } = this.groups
    return [this.fleet, this.#counterOf(rbacGroup, rbacGroupName || null), this.#counterOf(platforms, osPlatform || null)]
  }

  /** Puts a machine on a list, of which only the first are kept. */
  enlist(list: MachineList, machine: TopMachine): void {
    const listed = this.lists[list]
    listed.push(machine)
    if (listed.length >= 10 * MOST_IN_TOP) this.lists[list] = topOf(list, listed)
  }

  #counterOf(groups: Groups, name: string | null): TrendCounter {
    const group = groups.has(name) || groups.size < MOST_GROUPS ? name : OTHER_GROUPS
    const found = groups.get(group) ?? new TrendCounter(this.snapshotId)
    groups.set(group, found)
    return found
  }
}
