import { type Interval, isOpen, isSameKb, type Machine } from '../domain/index.ts'
import type { TenantStore } from '../store/index.ts'
import type { Batch } from './batch.ts'
import { SCAN_POLICY } from './read-policy.ts'

/** A machine that misses a KB now, and since when. */
export interface MachineMissingKb {
  machine: Machine
  interval: Interval
}

/**
 * The machines missing a KB by their last observation, in id order after a machine: found in the cached list of each machine and confirmed,
 * with the date, by its intervals. Keys lead from a machine to its KBs and not back, so all machines are looked through: for a KB that most
 * of them miss that costs about what is found, for a rare one a request for every 1,000 machines.
 */
export async function* machinesMissingKb(
  store: Pick<TenantStore, 'machines' | 'missingKbs'>,
  kbId: string,
  { after, wanted }: { after: string | null; wanted: number },
): AsyncGenerator<Batch<MachineMissingKb, string>> {
  const atOnce = Math.min(SCAN_POLICY.lookupsAtOnce, wanted + 1)
  for await (const machines of store.machines.pages({ after })) {
    const candidates = machines.filter((machine) => mayMiss(machine, kbId))
    while (candidates.length > 0) yield { rows: await confirm(store, kbId, candidates.splice(0, atOnce)), looked: 0 }
    yield { rows: [], looked: machines.length, at: machines.at(-1)?.machineId }
  }
}

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
