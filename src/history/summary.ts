import type { DiffRow } from './fold.ts'

export const GROUPINGS = ['kb', 'machine', 'rbacGroup', 'osPlatform', 'reason'] as const
export type Grouping = (typeof GROUPINGS)[number]

export interface Counts {
  appeared: number
  resolved: number
  /** Those of the resolved that were patched. */
  installed: number
  /** Those of the resolved that leave the machine exposed, as far as that is known. */
  stillExposed: number
  /** Machines with a change. */
  machines: number
  /** KBs with a change. */
  kbs: number
}

/** What rows have in common, and its name where that says more. null where Defender gives nothing. */
interface GroupPart {
  key: string | null
  name?: string | null
}

export interface SummaryGroup {
  /** One for each grouping, in their order. */
  parts: readonly GroupPart[]
  counts: Counts
}

const PART_OF: Record<Grouping, (row: DiffRow) => GroupPart> = {
  kb: ({ change }) => ({ key: change.kbId, name: change.kbName }),
  machine: ({ change }) => ({ key: change.machineId, name: change.computerDnsName }),
  rbacGroup: ({ change }) => ({ key: change.rbacGroupName }),
  osPlatform: ({ change }) => ({ key: change.osPlatform }),
  reason: ({ change }) => ({ key: change.reason }),
}

/** Counts the rows of a diff, in total and by group. Memory grows with groups and KBs, not with rows. */
export class Summary {
  readonly #groupings: readonly Grouping[]
  readonly #total = new ChangeCount()
  readonly #groups = new Map<string, { parts: GroupPart[]; count: ChangeCount }>()

  /** A group is what rows have in common in all of these. */
  constructor(groupings: readonly Grouping[]) {
    this.#groupings = groupings
  }

  /** How many groups there are so far. */
  get size(): number {
    return this.#groups.size
  }

  /** Rows come in order of machines. */
  add(row: DiffRow): void {
    this.#total.add(row)
    const parts = this.#groupings.map((grouping) => PART_OF[grouping](row))
    const id = JSON.stringify(parts.map(({ key }) => key))
    let group = this.#groups.get(id)
    if (!group) this.#groups.set(id, (group = { parts, count: new ChangeCount() }))
    // A name may not have been known from the first.
    for (const [index, part] of group.parts.entries()) part.name ??= parts[index]?.name ?? null
    group.count.add(row)
  }

  totals(): Counts {
    return this.#total.counts()
  }

  /** Largest first: by changes, then by key. */
  groups(): SummaryGroup[] {
    return [...this.#groups]
      .map(([id, { parts, count }]) => ({ id, parts, counts: count.counts() }))
      .sort((a, b) => changesOf(b.counts) - changesOf(a.counts) || (a.id < b.id ? -1 : 1))
      .map(({ parts, counts }) => ({ parts, counts }))
  }
}

const changesOf = ({ appeared, resolved }: Counts) => appeared + resolved

class ChangeCount {
  #appeared = 0
  #resolved = 0
  #installed = 0
  #stillExposed = 0
  #machines = 0
  #lastMachineId: string | undefined
  readonly #kbs = new Set<string>()

  add({ change }: DiffRow): void {
    if (change.change === 'appeared') this.#appeared += 1
    else this.#resolved += 1
    if (change.reason === 'installed') this.#installed += 1
    if (change.change === 'resolved' && change.stillExposed === true) this.#stillExposed += 1
    // Rows of a machine come together, so that no set of machines is needed.
    if (change.machineId !== this.#lastMachineId) this.#machines += 1
    this.#lastMachineId = change.machineId
    this.#kbs.add(change.kbId)
  }

  counts(): Counts {
    return {
      appeared: this.#appeared,
      resolved: this.#resolved,
      installed: this.#installed,
      stillExposed: this.#stillExposed,
      machines: this.#machines,
      kbs: this.#kbs.size,
    }
  }
}
