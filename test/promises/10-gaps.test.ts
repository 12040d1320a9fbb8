import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Assessment, Machine } from '../../src/domain/index.ts'
import { machineAssessment } from '../../src/history/machine-assessment.ts'
import { tick } from '../../src/sync/index.ts'
import { Mortal } from '../support/mortal.ts'
import { expectedAssessments, type GapLook, gapLooks, playGaps, type Taken } from '../support/played-gaps.ts'
import { finish, idOf, type ScriptedWorld, START, startScriptedWorld } from '../support/scripted-world.ts'
import { HOUR, MINUTE } from '../support/world.ts'

async function die({ another, clock }: ScriptedWorld, diesAt: number): Promise<void> {
  const mortal = new Mortal(diesAt)
  await Promise.race([tick(another({}, clock, (client) => mortal.table(client))), mortal.died])
  await mortal.landed()
  clock.at += 2 * MINUTE
}

async function machineRows({ store }: ScriptedWorld): Promise<Map<string, Machine>> {
  const rows = new Map<string, Machine>()
  for await (const page of store.machines.pages()) for (const machine of page) rows.set(machine.machineId, machine)
  return rows
}

/** Takes the looks one after the other, with what each left. */
async function take(world: ScriptedWorld, looks: readonly GapLook[], check: (taken: readonly Taken[]) => Promise<void>): Promise<Taken[]> {
  const taken: Taken[] = []
  const reports = new Map<string, string>()
  let at = START
  for (const look of looks) {
    at += look.hours * HOUR
    playGaps(world, look, at, reports)
    const snapshotId = await world.begin(at)
    if (look.diesAt !== undefined) await die(world, look.diesAt)
    if ((await world.tenant()).tenant.activeSnapshotId !== null) await finish(world.services, world.clock)
    const snapshot = await world.row(snapshotId)
    if (!snapshot) throw new Error('no snapshot')
    taken.push({ snapshot, look, rows: await machineRows(world), reports: new Map(reports) })
    await check(taken)
  }
  return taken
}

/** What is said of a machine at every snapshot. */
async function assessments(world: ScriptedWorld, taken: readonly Taken[], number: number): Promise<Assessment[]> {
  const machine = await world.store.machines.get(idOf(number))
  if (!machine) return []
  const partition = await world.store.missingKbs.read(machine.machineId)
  const { tenant } = await world.tenant()
  return Promise.all(taken.map(({ snapshot }) => machineAssessment(world.store, { tenant, machine, partition, snapshot })))
}

describe('promise 10: a clean machine has a witness at every snapshot', () => {
  it('that says what the machine came to, whatever fails and whatever is killed', { timeout: 300_000 }, async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(gapLooks, async (looks) => {
        const world = await startScriptedWorld({ SYNC_CONCURRENCY: '2' })
        await take(world, looks, async (taken) => {
          for (const number of looks[0]?.machines.keys() ?? []) {
            const said = await assessments(world, taken, number)
            const expected = expectedAssessments(taken, number)
            if (said.length > 0) expect(said, `of machine ${number}`).toEqual(expected)
            for (const { gap } of said) seen.add(gap ? `${gap.kind} ${gap.code}` : 'assessed')
          }
        })
      }),
      { numRuns: 60 },
    )
    expect(seen).toEqual(
      new Set([
        ...['assessed', 'unknown http404', 'unknown http500', 'unknown http403', 'unknown notReached'],
        ...['silent silent', 'silent neverReported', 'skipped platformNotAsked', 'skipped removed', 'skipped notListed'],
      ]),
    )
  })
})
