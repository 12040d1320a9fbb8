import { type ExportDoubt, type ExportedMachine, isAsked, type Machine } from '../../domain/index.ts'
import { keepProductCounts } from '../sample/product-counts.ts'
import type { Slice } from '../slice/slice.ts'
import { ExportedById } from './exported-by-id.ts'
import { machinesOf } from './machines-of.ts'
import type { ReadingState, Survey } from './reading-state.ts'

/** Fewer machines than this share of those in the export before are no fleet that shrinks, unless the next export says the same. */
const LEAST_SHARE = 0.8

/** Groups with fewer machines may be patched to the end, and have no row for that. */
const LEAST_MACHINES_OF_GROUP = 5

/** Looks at an export as a whole, machine by machine, before anything is made of it. */
class ExportSurvey {
  readonly #snapshotId: string
  /** By product, listed machines that miss a KB for it. */
  readonly counts = new Map<string, Map<string, number>>()
  /** By group, machines that the export before spoke of, and those that this one does. */
  readonly #groups = new Map<string, { before: number; now: number }>()
  #machines = 0

  constructor(snapshotId: string) {
    this.#snapshotId = snapshotId
  }

  /** A machine that the tenant has, and what the export says of it. */
  add(machine: Machine, exported: ExportedMachine | undefined): void {
    if (exported) this.#machines++
    if (machine.lastListedSnapshotId !== this.#snapshotId || !isAsked(machine, this.#snapshotId)) return
    this.#addToGroup(machine, exported !== undefined)
    for (const { kbId, productsNames } of exported?.kbs ?? []) {
      for (const product of productsNames) {
        const ofProduct = this.counts.get(product) ?? new Map<string, number>()
        ofProduct.set(kbId, (ofProduct.get(kbId) ?? 0) + 1)
        this.counts.set(product, ofProduct)
      }
    }
  }

  #addToGroup({ rbacGroupName, observedSource, lastObservedSnapshotId }: Machine, isExported: boolean): void {
    const name = rbacGroupName ?? ''
    const group = this.#groups.get(name) ?? { before: 0, now: 0 }
    if (observedSource === 'export' && lastObservedSnapshotId !== null) group.before++
    if (isExported) group.now++
    this.#groups.set(name, group)
  }

  /** What it came to; `lastMachines`: how many of the tenant's machines the export before spoke of. */
  result(lastMachines: number | null): Survey {
    const vanishedGroups = [...this.#groups]
      .filter(([, { before, now }]) => now === 0 && before >= LEAST_MACHINES_OF_GROUP)
      .map(([name]) => name)
    const doubts: ExportDoubt[] = []
    if (lastMachines !== null && this.#machines < LEAST_SHARE * lastMachines) {
      const detail = `the export speaks of ${this.#machines} machines, and the one before of ${lastMachines}: nothing is closed, unless the next one says the same`
      doubts.push({ code: 'exportFell', detail })
    }
    if (vanishedGroups.length > 0) {
      const detail = `the export speaks of no machine of ${vanishedGroups.length} device groups that the one before knew: their machines are unknown`
      doubts.push({ code: 'exportGroupVanished', detail })
    }
    return { machines: this.#machines, doubts, vanishedGroups }
  }
}

/** Walks through all machines of the tenant, and all that the export says, side by side; what it counts by product is kept beside. */
export async function surveyExport({ ports: { store, lease }, record }: Slice, state: ReadingState): Promise<Survey> {
  const survey = new ExportSurvey(record.id)
  const exported = new ExportedById(machinesOf(store.exports, record.id, state, null))
  try {
    for await (const page of store.machines.pages()) {
      await lease.ensureHeld()
      for (const machine of page) survey.add(machine, await exported.find(machine.machineId))
    }
  } finally {
    await exported.close()
  }
  await keepProductCounts(store, record.id, survey.counts)
  return survey.result(lease.tenant.lastExportMachines)
}
