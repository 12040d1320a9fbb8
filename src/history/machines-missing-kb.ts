import { type Interval, isOpen, isSameKb, type Machine } from '../domain/index.ts'
import type { TenantStore } from '../store/index.ts'
import type { Batch } from './batch.ts'
import { SCAN_POLICY } from './read-policy.ts'

/** A machine that misses a KB now, and since when. */
export interface MachineMissingKb {
  machine: Machine
  /** Of the KB, or of the one that contains it. */
  interval: Interval
}

/**
 * The machines missing a KB by their last observation, in id order after a machine: found in the cached list of each machine and confirmed,
 * with the date, by its intervals. Keys lead from a machine to its KBs and not back, so all machines are looked through: for a KB that most
 * of them miss that costs about what is found, for a rare one a request for every 1,000 machines. `contained`: those as well for which a
 * bulk source lists it beside a newer one.
 */
export async function* machinesMissingKb(
  store: Pick<TenantStore, 'machines' | 'missingKbs'>,
  kbId: string,
  { after, wanted, contained = false }: { after: string | null; wanted: number; contained?: boolean },
): AsyncGenerator<Batch<MachineMissingKb, string>> {
  const atOnce = Math.min(SCAN_POLICY.lookupsAtOnce, wanted + 1)
  for await (const machines of store.machines.pages({ after })) {
    const candidates = machines.filter((machine) => mayMiss(machine, kbId) || (contained && mayContain(machine, kbId)))
    while (candidates.length > 0) yield { rows: await confirm(store, { kbId, contained }, candidates.splice(0, atOnce)), looked: 0 }
    yield { rows: [], looked: machines.length, at: machines.at(-1)?.machineId }
  }
}

function mayMiss(machine: Machine, kbId: string): boolean {
  return machine.missingKbIds?.some((missingKbId) => isSameKb(missingKbId, kbId)) ?? true
}

const mayContain = ({ containedKbIds }: Machine, kbId: string): boolean => containedKbIds?.some((id) => isSameKb(id, kbId)) ?? true

async function confirm(
  store: Pick<TenantStore, 'missingKbs'>,
  { kbId, contained }: { kbId: string; contained: boolean },
  machines: readonly Machine[],
): Promise<MachineMissingKb[]> {
  const found = await Promise.all(
    machines.map(async (machine) => {
      const spelt = machine.missingKbIds?.find((missingKbId) => isSameKb(missingKbId, kbId)) ?? kbId
      const own = (await store.missingKbs.intervalsOf(machine.machineId, spelt)).find(isOpen)
      const interval = own ?? (contained && mayContain(machine, kbId) ? await containerOf(store, machine, kbId) : undefined)
      return interval && { machine, interval }
    }),
  )
  return found.filter((row) => row !== undefined)
}

async function containerOf(store: Pick<TenantStore, 'missingKbs'>, { machineId }: Machine, kbId: string): Promise<Interval | undefined> {
  const { intervals } = await store.missingKbs.read(machineId)
  return intervals.find((interval) => isOpen(interval) && interval.contains.some((id) => isSameKb(id, kbId)))
}
