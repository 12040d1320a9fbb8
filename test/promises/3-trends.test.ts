import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectDeadlines, POLICY, withKnownKbs } from '../support/check-deadlines.ts'
import { expectGroups, expectTrends } from '../support/check-trends.ts'
import { looks } from '../support/played-fleet.ts'
import { startScriptedWorld } from '../support/scripted-world.ts'
import { takeAll } from '../support/take-looks.ts'
import { sized } from '../support/test-size.ts'

describe('promise 3: trends are algebra', () => {
  it('every point is what the intervals say, and points differ by their flows, whatever is killed', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(looks, async (all) => {
        const world = withKnownKbs(await startScriptedWorld({ SYNC_CONCURRENCY: '2', CATALOGUE_POLICY: POLICY }))
        const endedIds = await takeAll(world, all)
        await expectTrends(world.store, endedIds)
        await expectDeadlines(world.store)
        await expectGroups(world.store, await world.store.trends.points({ from: '0', to: '9' }))
        expect((await world.tenant()).tenant).toMatchObject({ trendsSince: endedIds[0], trendsDerived: true })
      }),
      { numRuns: sized(20, 40) },
    )
  })
})
