import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tick } from '../../src/sync/index.ts'
import { expectTrends } from '../support/check-trends.ts'
import { Mortal } from '../support/mortal.ts'
import { looks } from '../support/played-fleet.ts'
import { comparableRows } from '../../dev/comparable-rows.ts'
import { type ScriptedWorld, startScriptedWorld } from '../support/scripted-world.ts'
import { slowTable } from '../support/slow-table.ts'
import { takeAll } from '../support/take-looks.ts'
import { sized } from '../support/test-size.ts'

const MINUTE = 60_000

/** What is there of trends but for groups, and what KBs came to. */
async function trendRows({ openTable }: ScriptedWorld) {
  const rows = await comparableRows(openTable, ['trends', 'kbtrends', 'kbs'])
  return new Map([...rows].filter(([key]) => /^(kb|trends [^ ]*\|(s|d|c|partial) )/.test(key)).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** By which day something was due in what is over, nobody can tell: facts change. */
const withoutDeadlines = (rows: ReadonlyMap<string, object>) =>
  new Map([...rows].map(([key, row]) => [key, 'deadlines' in row ? { ...row, deadlines: '' } : row]))

/** The rows as an older version would have left them: no trends, no cohorts, no exposures with the intervals. */
async function forget({ openTable, store, tenant }: ScriptedWorld): Promise<void> {
  const keysOf = async (name: string) =>
    [...(await comparableRows(openTable, [name])).values()] as { partitionKey: string; rowKey: string }[]
  for (const name of ['trends', 'kbtrends']) {
    for (const { partitionKey, rowKey } of await keysOf(name)) await openTable(name).deleteEntity(partitionKey, rowKey)
  }
  const older = {
    kbs: { cohort: '', outcomes: '' },
    missingkbs: { exposedSince: '', exposedAtLeast: false, exposedWith: '', stillExposed: '' },
  }
  for (const [name, columns] of Object.entries(older)) {
    for (const { partitionKey, rowKey } of await keysOf(name)) {
      if (rowKey.includes('|') || name !== 'missingkbs') await openTable(name).updateEntity({ partitionKey, rowKey, ...columns }, 'Merge')
    }
  }
  await store.tenant.patch({ trendsDerived: false }, (await tenant()).etag)
}

/** Ticks with nothing else to do, some of which die, until all is derived; how many it took. */
async function derive(world: ScriptedWorld, deaths: readonly number[]): Promise<number> {
  const slow = () => (world.clock.at += 6_000)
  for (let ticks = 0; ticks < 100; ticks++) {
    if ((await world.tenant()).tenant.trendsDerived) return ticks
    const mortal = new Mortal(deaths[ticks] ?? Infinity)
    const services = world.another({ SYNC_SLICE_SECONDS: '5' }, world.clock, (client, table) =>
      mortal.table(table === 'missingkbs' ? slowTable(client, slow) : client),
    )
    await Promise.race([tick(services), mortal.died])
    await mortal.landed()
    world.clock.at += 2 * MINUTE
  }
  throw new Error('not derived in 100 ticks')
}

describe('trends of snapshots that ended before there were any', () => {
  it('are those that would have been counted, in as many ticks as it takes and whatever is killed', { timeout: 300_000 }, async () => {
    const deaths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 })
    let mostTicks = 0
    await fc.assert(
      fc.asyncProperty(looks, deaths, async (all, diesAt) => {
        const world = await startScriptedWorld({ SYNC_CONCURRENCY: '2' })
        const endedIds = await takeAll(world, all)
        const counted = withoutDeadlines(await trendRows(world))
        await forget(world)
        mostTicks = Math.max(mostTicks, await derive(world, diesAt))
        await expectTrends(world.store, endedIds)
        expect(await trendRows(world)).toEqual(counted)
      }),
      { numRuns: sized(12, 25) },
    )
    expect(mostTicks).toBeGreaterThan(4)
  })
})
