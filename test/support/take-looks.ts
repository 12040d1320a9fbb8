import { tick } from '../../src/sync/index.ts'
import { Mortal } from './mortal.ts'
import { type Look, play } from './played-fleet.ts'
import { finish, type ScriptedWorld, START } from './scripted-world.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** Takes the looks one after the other; the snapshots that ended. */
export async function takeAll(world: ScriptedWorld, all: readonly Look[]): Promise<string[]> {
  const endedIds: string[] = []
  let at = START
  for (const [index, look] of all.entries()) {
    at += look.hours * HOUR
    play(world, look, at, index)
    const snapshotId = await world.begin(at)
    if (look.diesAt !== undefined) await die(world, look.diesAt)
    const { tenant } = await world.tenant()
    if (tenant.activeSnapshotId !== null) await finish(world.services, world.clock)
    endedIds.push(snapshotId)
  }
  return endedIds
}

/** A process that dies somewhere on its way; its lease runs out. */
async function die({ another, clock }: ScriptedWorld, diesAt: number): Promise<void> {
  const mortal = new Mortal(diesAt)
  await Promise.race([tick(another({}, clock, (client) => mortal.table(client))), mortal.died])
  await mortal.landed()
  clock.at += 2 * MINUTE
}
