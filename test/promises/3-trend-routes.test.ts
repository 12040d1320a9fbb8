import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tick } from '../../src/sync/index.ts'
import { type Api, apiOf } from '../support/api.ts'
import { expectTrendRoutes } from '../support/check-trend-routes.ts'
import { Mortal } from '../support/mortal.ts'
import { type Look, looks, play } from '../support/played-fleet.ts'
import { finish, type ScriptedWorld, START, startScriptedWorld } from '../support/scripted-world.ts'
import { takeAll } from '../support/take-looks.ts'
import { sized } from '../support/test-size.ts'

const HOUR = 3_600_000

const apiOver = ({ services }: ScriptedWorld): Api => apiOf({ kind: 'ready', services, outside: services.outside, reported: true })

describe('promise 3: the figures of the routes', () => {
  it('are what the intervals say, at every snapshot and in every grain, whatever is killed', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(looks, async (all) => {
        const world = await startScriptedWorld({ SYNC_CONCURRENCY: '2' })
        const endedIds = await takeAll(world, all)
        await expectTrendRoutes(apiOver(world), world.store, endedIds)
      }),
      { numRuns: sized(6, 12) },
    )
  })

  it.each([
    ['on the same day', 3],
    ['on the next one', 24],
  ])('are those of the newest ended snapshot wherever one dies %s, and then its own', { timeout: 300_000 }, async (_, hours) => {
    const deaths = new Set<string>()
    for (let diesAt = 60; diesAt <= 400; diesAt += sized(21, 7)) {
      const world = await startScriptedWorld({ SYNC_CONCURRENCY: '2' })
      const ended = await takeAll(world, [lookOf(24, ['5001', '5002']), lookOf(24, ['5002', '5004']), lookOf(3, ['5004'])])
      const api = apiOver(world)
      const before = await figures(api, hours < 24)
      play(world, lookOf(3, ['5002', '5003']), START + (51 + hours) * HOUR, 3)
      const last = await world.begin(START + (51 + hours) * HOUR)
      const mortal = new Mortal(diesAt)
      const fate = await Promise.race([tick(world.another({}, world.clock, (client) => mortal.table(client))), mortal.died])
      if (fate !== 'died') break
      await mortal.landed()
      const { tenant } = await world.tenant()
      if (tenant.activeSnapshotId === null) break
      deaths.add((await world.row(last))?.phase ?? 'none')
      expect(await figures(api, hours < 24), `died at ${diesAt}`).toEqual(before)
      world.clock.at += 2 * 60_000
      await finish(world.services, world.clock)
      await expectTrendRoutes(api, world.store, [...ended, last])
    }
    expect(deaths).toContain('totals')
  })
})

const lookOf = (hours: number, kbs: string[]): Look => ({
  hours,
  machines: ['answers', 'answers', 'silent', 'unknown', 'answers'].map((fate) => ({ kbs, fate: fate as 'answers', group: 'Servers' })),
  diesAt: undefined,
})

const ROUTES = [
  'overview',
  'trends?from=2026-01-01',
  'trends?from=2026-01-01&grain=day',
  'trends?from=2026-01-01&grain=month&rbacGroup=Servers',
  'time-to-patch?from=2026-01-01',
  'cohorts',
  'groups?months=3',
  'groups?by=osPlatform&months=3',
  'machines?sort=oldest',
  'machines?sort=missing',
  'machines?sort=unknownSince',
  'kbs/5002',
  'kbs/5002/trend?from=2026-01-01',
]

/**
 * What the routes say of what is over: answers name KBs while a snapshot runs. Of a day, a cohort has what its last snapshot left, so that
 * it may lack one for a while.
 */
async function figures(api: Api, withoutCohorts: boolean): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {}
  for (const route of ROUTES) {
    const { running: _, budget: __, ageHours: ___, lastSeenAt: ____, cohorts, ...json } = (await api.call(`/api/${route}`)).json
    all[route] = withoutCohorts ? json : { ...json, cohorts }
  }
  return all
}
