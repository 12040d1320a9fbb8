import { openTenant } from '../../src/open-tenant.ts'
import { StoreError, UNREADABLE_TENANT } from '../../src/store/index.ts'
import { requestSnapshot, tick, type TickResult } from '../../src/sync/index.ts'
import type { FuzzCase } from './fuzz-case.ts'
import { type FuzzDefender, MOST_CALLS } from './fuzz-defender.ts'
import { type FuzzWorld, TENANT } from './fuzz-world.ts'
import { lookAt } from './fleet.ts'
import { type Damaged, inflict } from './stored-rows.ts'

/** Far more than any look takes, and few enough to be over soon. */
const MOST_TICKS = 60
const MOST_SNAPSHOTS = 4
const MOST_REQUESTS = 8_000
/** A look has to be over, whatever Defender asks to wait for, before the next one begins. */
const LONGEST_LOOK_MS = 3.5 * 86_400_000

/** What a look came to. */
export interface Look {
  snapshotIds: string[]
  /** What is wrong with how it went. */
  troubles: string[]
  /** The tenant's row could not be read, and was deleted as the message says. */
  tenantDeleted: boolean
}

export interface LookPorts {
  fuzzCase: FuzzCase
  world: FuzzWorld
  defender: FuzzDefender
  damaged: Damaged[]
}

/** Asks for a snapshot, as a caller would, and ticks until one has ended. */
export async function takeLook(ports: LookPorts, index: number): Promise<Look> {
  const { world, defender } = ports
  const look: Look = { snapshotIds: [], troubles: [], tenantDeleted: false }
  world.clock.at = Math.max(world.clock.at, lookAt(index))
  const before = { at: world.clock.at, requests: world.tables.requests, calls: defender.served.length }
  for (let ticks = 0; ; ticks++) {
    if (ticks > MOST_TICKS) look.troubles.push(`no end in ${MOST_TICKS} ticks`)
    if (look.troubles.length > 0) return look
    const result = await tickOnce(ports, look)
    if (result?.kind === 'ended') break
    await damageWithin(ports, index)
    world.clock.at = result?.kind === 'waiting' ? Math.max(Date.parse(result.until), world.clock.at) : world.clock.at + 60_000
  }
  if (world.clock.at - before.at > LONGEST_LOOK_MS) look.troubles.push(`it took ${(world.clock.at - before.at) / 1000} s`)
  if (world.tables.requests - before.requests > MOST_REQUESTS) look.troubles.push('too many requests to the storage')
  if (defender.served.length - before.calls > MOST_CALLS) look.troubles.push('too many calls to Defender')
  return look
}

async function tickOnce(ports: LookPorts, look: Look): Promise<TickResult | undefined> {
  const { services, clock } = ports.world
  try {
    if (look.snapshotIds.length === 0) await begin(ports.world, look)
    const result = await tick(services)
    // Somebody took the active snapshot out of the tenant's row: it is asked for again.
    if (result.kind === 'idle') await begin(ports.world, look)
    return result
  } catch (error) {
    if (isUnreadable(error)) return void (await deleteTenant(ports, look))
    look.troubles.push(`the tick failed at ${new Date(clock.at).toISOString()}: ${String(error)} ${(error as Error).stack?.split('\n')[1]}`)
    return undefined
  }
}

async function begin({ services, clock }: FuzzWorld, look: Look): Promise<void> {
  const { snapshotId } = await requestSnapshot(openTenant(services).store, clock.at)
  look.snapshotIds.push(snapshotId)
  if (look.snapshotIds.length > MOST_SNAPSHOTS) look.troubles.push(`${MOST_SNAPSHOTS} snapshots were lost`)
}

const isUnreadable = (error: unknown) => error instanceof StoreError && error.code === UNREADABLE_TENANT

/** As the message of the error tells whoever runs the app. */
async function deleteTenant({ world, damaged }: LookPorts, look: Look): Promise<void> {
  if (!damaged.some(({ table }) => table === 'tenants')) look.troubles.push("the tenant's row cannot be read, and nobody damaged it")
  await world.tables.open('tenants').deleteEntity('tenant', TENANT)
  look.tenantDeleted = true
}

async function damageWithin({ fuzzCase: { attack, look }, world, damaged }: LookPorts, index: number): Promise<void> {
  if (attack.kind !== 'damage' || attack.moment !== 'within' || index !== look || damaged.length > 0) return
  for (const damage of attack.damage) {
    const done = await inflict(world.tables, damage)
    if (done) damaged.push(done)
  }
}
