import { expect, it } from 'vitest'
import { idOf, kbOf, machineOf, START, startScriptedWorld } from '../../support/scripted-world.ts'

const DAY = 86_400_000
const GROUPS = 50
const CHANGED_KBS = 200
/** The tables of trends. */
const TABLES = ['trends', 'kbtrends', 'names']

/** Requests to the tables of trends in a second snapshot in which 200 KBs change, of so many machines in 50 groups. */
async function requestsOf(machines: number): Promise<number> {
  let requests = 0
  const world = await startScriptedWorld({}, { log: ({ table }) => void (TABLES.includes(table) && requests++) })
  world.script.machines = Array.from({ length: machines }, (_, index) => machineOf(index, { rbacGroupName: `group ${index % GROUPS}` }))
  for (let day = 0; day < 2; day++) {
    for (let index = 0; index < machines; index++) {
      const changing = index < CHANGED_KBS && day === 1 ? [kbOf(String(6000 + index))] : []
      world.script.kbs.set(idOf(index), [kbOf('5001'), ...changing])
    }
    requests = 0
    await world.snapshot(START + day * DAY)
  }
  return requests
}

it('the trends of a snapshot cost at most 300 requests, however many machines there are', { timeout: 120_000 }, async () => {
  const requests = await requestsOf(300)
  expect(requests).toBeLessThanOrEqual(300)
  expect(await requestsOf(900)).toBe(requests)
})
