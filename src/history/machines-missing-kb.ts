import { type Interval, isOpen, isSameKb, type Machine } from '../domain/index.ts'
import type { TenantStore } from '../store/index.ts'

/** A machine that misses a KB now, and since when. */
export interface MachineMissingKb {
  machine: Machine
  interval: Interval
}

export interface MachinesMissingKb {
  rows: MachineMissingKb[]
  /** The last machine looked at, if there are more. */
  stoppedAt?: string
}

export const SCAN_POLICY = {
  /**
   * Machines looked at for one answer. Keys lead from a machine to its KBs and not back, so the machines' cached lists are looked through:
   * 20 requests of storage at most, whatever the fleet; the answer may then hold fewer rows than asked for, and go on.
   */
  machines: 20_000,
  /** Intervals looked up at once. */
  lookupsAtOnce: 16,
} as const

/**
 * The machines missing a KB by their last observation, in id order after a machine: at most `limit`, found in the cached list of each
 * machine and confirmed, with the date, by its intervals. The cost grows with the machines looked through for the page: for a KB that
 * most machines miss that is about the page, for a rare one up to SCAN_POLICY.machines in pages of 1,000.
 */
export async function machinesMissingKb(
  store: Pick<TenantStore, 'machines' | 'missingKbs'>,
  kbId: string,
  page: { after: string | null; limit: number },
): Promise<MachinesMissingKb> {
  const rows: MachineMissingKb[] = []
  let looked = 0
  for await (const machines of store.machines.pages({ after: page.after })) {
    const candidates = machines.filter((machine) => mayMiss(machine, kbId))
    while (candidates.length > 0 && rows.length <= page.limit) {
      const batch = candidates.splice(0, Math.min(SCAN_POLICY.lookupsAtOnce, page.limit + 1 - rows.length))
      rows.push(...(await confirm(store, kbId, batch)))
    }
    if (rows.length > page.limit) return stopAt(rows.slice(0, page.limit), rows[page.limit - 1]?.machine)
    looked += machines.length
    if (looked >= SCAN_POLICY.machines) return stopAt(rows, machines.at(-1))
  }
  return { rows }
}

const stopAt = (rows: MachineMissingKb[], last: Machine | undefined): MachinesMissingKb => ({
  rows,
  ...(last && { stoppedAt: last.machineId }),
})

function mayMiss(machine: Machine, kbId: string): boolean {
  return machine.missingKbIds?.some((missingKbId) => isSameKb(missingKbId, kbId)) ?? true
}

async function confirm(store: Pick<TenantStore, 'missingKbs'>, kbId: string, machines: readonly Machine[]): Promise<MachineMissingKb[]> {
  const found = await Promise.all(
    machines.map(async (machine) => {
      const spelt = machine.missingKbIds?.find((missingKbId) => isSameKb(missingKbId, kbId)) ?? kbId
      const interval = (await store.missingKbs.intervalsOf(machine.machineId, spelt)).find(isOpen)
      return interval && { machine, interval }
    }),
  )
  return found.filter((row) => row !== undefined)
}
