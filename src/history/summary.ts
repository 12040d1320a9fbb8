import type { DiffRow } from './fold.ts'

export const GROUPINGS = ['kb', 'machine', 'rbacGroup', 'osPlatform', 'reason'] as const
export type Grouping = (typeof GROUPINGS)[number]

export interface Counts {
  appeared: number
  resolved: number
  /** Machines with a change. */
  machines: number
  /** KBs with a change. */
  kbs: number
}

export interface SummaryGroup extends Counts {
  /** What the rows have in common; '' where Defender gives nothing. */
  key: string
  name?: string
}

/** What a group's rows have in common, and its name where that says more. */
const GROUP_OF: Record<Grouping, (row: DiffRow) => { key: string | null; name?: string | null }> = {
  kb: ({ change }) => ({ key: change.kbId, name: change.kbName }),
  machine: ({ change }) => ({ key: change.machineId, name: change.computerDnsName }),
  rbacGroup: ({ change }) => ({ key: change.rbacGroupName }),
  osPlatform: ({ change }) => ({ key: change.osPlatform }),
  reason: ({ change }) => ({ key: change.reason }),
}

/** Counts the rows of a net diff, in total and by group. Memory grows with groups and KBs, not with rows. */
export class Summary {
  readonly #grouping: Grouping
  readonly #total = new ChangeCount()
  readonly #groups = new Map<string, { count: ChangeCount; name: string | undefined }>()

  constructor(grouping: Grouping) {
    this.#grouping = grouping
  }

  /** Rows come in order of machines. */
  add(row: DiffRow): void {
    this.#total.add(row)
    const { key, name } = GROUP_OF[this.#grouping](row)
    let group = this.#groups.get(key ?? '')
    if (!group) this.#groups.set(key ?? '', (group = { count: new ChangeCount(), name: undefined }))
    group.name ??= name ?? undefined
    group.count.add(row)
  }

  totals(): Counts {
    return this.#total.counts()
  }

  /** Largest first: by changes, then by key. */
  groups(): SummaryGroup[] {
    const groups = [...this.#groups].map(([key, { count, name }]) => ({ key, ...(name !== undefined && { name }), ...count.counts() }))
    return groups.sort((a, b) => b.appeared + b.resolved - a.appeared - a.resolved || (a.key < b.key ? -1 : 1))
  }
}

class ChangeCount {
  #appeared = 0
  #resolved = 0
  #machines = 0
  #lastMachineId: string | undefined
  readonly #kbs = new Set<string>()

  add({ change }: DiffRow): void {
    if (change.change === 'appeared') this.#appeared += 1
    else this.#resolved += 1
    // Rows of a machine come together, so that no set of machines is needed.
    if (change.machineId !== this.#lastMachineId) this.#machines += 1
    this.#lastMachineId = change.machineId
    this.#kbs.add(change.kbId)
  }

  counts(): Counts {
    return { appeared: this.#appeared, resolved: this.#resolved, machines: this.#machines, kbs: this.#kbs.size }
  }
}
