import type { MissingKb } from '../../src/domain/index.ts'
import type { Environment } from '../../src/config/index.ts'
import type { OneTenantServices } from '../../src/program.ts'
import { tick, type TickResult } from '../../src/sync/index.ts'
import { asExport } from './as-export.ts'
import { idOf, kbOf, machineOf, type ScriptedWorld, START, startScriptedWorld, TENANT } from './scripted-world.ts'

export const MINUTE = 60_000
export const AT = START + 2 * MINUTE

/** A KB that an export lists, and others that it contains. */
export const listed = (kbId: string, ...contains: string[]): MissingKb => ({ ...kbOf(kbId), contains })

/** What Defender itself says of a machine, as ids; `moved`: it reported after the export was made; `gone`: Defender does not know it. */
export type Truth = readonly string[] | 'moved' | 'gone'

/** A world with an ended snapshot whose export said so of its machines, by number, and a Defender that says otherwise. */
export async function startSampledWorld(exported: readonly (readonly MissingKb[])[], environment: Environment = {}) {
  const world = await startScriptedWorld(environment)
  world.script.machines = exported.map((_, index) => machineOf(index + 1))
  exported.forEach((kbs, index) => world.script.kbs.set(idOf(index + 1), [...kbs]))
  const snapshotId = await world.snapshot(AT)
  await asExport({ tenantId: TENANT, ...world }, snapshotId, AT)
  world.script.calls = 0
  return { ...world, snapshotId }
}

export type SampledWorld = Awaited<ReturnType<typeof startSampledWorld>>

/** From now on Defender says this of the machines, by number. */
export function says({ script }: ScriptedWorld, truths: readonly Truth[]): void {
  truths.forEach((truth, index) => {
    const machineId = idOf(index + 1)
    if (typeof truth !== 'string') script.kbs.set(machineId, truth.map(kbOf))
    if (truth === 'moved') script.machines[index] = machineOf(index + 1, { lastSeen: new Date(AT + MINUTE).toISOString() })
    if (truth === 'gone') script.machines = script.machines.filter((machine) => machine.machineId !== machineId)
  })
}

/** Ticks every minute until no sample is due; what the ticks came to. */
export async function sampleAll(world: SampledWorld, services: OneTenantServices = world.services, mostTicks = 200): Promise<TickResult[]> {
  const results: TickResult[] = []
  while (results.length < mostTicks) {
    if ((await world.tenant()).tenant.sampleSnapshotId === null) return results
    results.push(await tick(services))
    world.clock.at += MINUTE
  }
  throw new Error(`no end in ${mostTicks} ticks: ${JSON.stringify(results.at(-1))}`)
}
