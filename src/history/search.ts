import { kbSpellings } from '../domain/index.ts'
import type { TenantStore } from '../store/index.ts'

/** What was found: machines by name before those by id. */
export interface Found {
  machines: { machineId: string; computerDnsName: string | null }[]
  kbs: { kbId: string; kbName: string | null }[]
}

/** Machines and KBs by the beginning of a name or an id, at most so many of each: three requests, whatever the fleet. */
export async function search(store: Pick<TenantStore, 'names' | 'machines' | 'kbs'>, beginning: string, limit: number): Promise<Found> {
  const text = beginning.trim()
  const [named, byId, kbs] = await Promise.all([
    store.names.startingWith(text, limit),
    store.machines.startingWith(text.toLowerCase(), limit),
    store.kbs.startingWith(kbSpellings(text), limit),
  ])
  const machines = new Map<string, Found['machines'][number]>()
  for (const { machineId, name } of named) machines.set(machineId, { machineId, computerDnsName: name })
  for (const { machineId, computerDnsName } of byId) machines.set(machineId, { machineId, computerDnsName })
  return { machines: [...machines.values()].slice(0, limit), kbs: kbs.map(({ kbId, kbName }) => ({ kbId, kbName })) }
}
