import { byText, type Kb } from '../domain/index.ts'
import type { TenantStore } from '../store/index.ts'

/** What was found: machines by name before those by id. */
export interface Found {
  machines: { machineId: string; computerDnsName: string | null }[]
  kbs: { kbId: string; kbName: string | null }[]
}

/** Machines and KBs by the beginning of a name or an id, at most so many of each: three or four requests, whatever the fleet. */
export async function search(store: Pick<TenantStore, 'names' | 'machines' | 'kbs'>, beginning: string, limit: number): Promise<Found> {
  const text = beginning.trim()
  const [named, byId, kbs] = await Promise.all([
    store.names.startingWith(text, limit),
    store.machines.startingWith(text.toLowerCase(), limit),
    kbsStartingWith(store, text, limit),
  ])
  const machines = new Map<string, Found['machines'][number]>()
  for (const { machineId, name } of named) machines.set(machineId, { machineId, computerDnsName: name })
  for (const { machineId, computerDnsName } of byId) machines.set(machineId, { machineId, computerDnsName })
  return { machines: [...machines.values()].slice(0, limit), kbs: kbs.map(({ kbId, kbName }) => ({ kbId, kbName })) }
}

/** `KB50` finds `5094127`, as Defender calls what its page calls `KB5094127`, and an id that does begin with `KB50`. */
async function kbsStartingWith(store: Pick<TenantStore, 'kbs'>, text: string, limit: number): Promise<Kb[]> {
  const beginnings = [...new Set([text, text.replace(/^kb *(?=\d)/i, '')])]
  const found = await Promise.all(beginnings.map((beginning) => store.kbs.startingWith(beginning, limit)))
  return found
    .flat()
    .sort((a, b) => byText(a.kbId, b.kbId))
    .slice(0, limit)
}
