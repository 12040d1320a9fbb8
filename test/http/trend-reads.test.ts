import { expect, it } from 'vitest'
import { apiOf } from '../support/api.ts'
import { idOf, kbOf, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'

const DAY = 86_400_000
const GROUPS = 12

/** The most requests of storage that each route takes. */
const MOST: Record<string, number> = {
  overview: 6,
  trends: 3,
  'trends?grain=month&rbacGroup=group%201': 3,
  cohorts: 3,
  'cohorts/202602': 3,
  groups: 3,
  'time-to-patch': 3,
  'kbs/5001': 3,
  'kbs/5001/trend': 4,
  'machines?sort=oldest': 3,
  'search?q=pc-1': 3,
  'search?q=KB51': 3,
  status: 2,
}

/** Requests of each route over a fleet of so many machines. */
async function requestsOf(machines: number): Promise<Record<string, number>> {
  let requests = 0
  const world = await startScriptedWorld({}, { log: () => void requests++ })
  world.script.machines = Array.from({ length: machines }, (_, index) => machineOf(index, { rbacGroupName: `group ${index % GROUPS}` }))
  for (let day = 0; day < 3; day++) {
    for (let index = 0; index < machines; index++)
      world.script.kbs.set(idOf(index), [kbOf('5001'), kbOf(String(5100 + ((index + day) % 40)))])
    await world.snapshot(START + day * DAY)
  }
  const api = apiOf({ kind: 'ready', services: world.services, outside: world.services.outside, reported: true })
  const counted: Record<string, number> = {}
  for (const route of Object.keys(MOST)) {
    requests = 0
    expect((await api.call(`/api/${route}`)).status, route).toBe(200)
    counted[route] = requests
  }
  return counted
}

it('the routes of trends take the same few requests of storage, whatever the fleet', { timeout: 120_000 }, async () => {
  const few = await requestsOf(30)
  for (const [route, most] of Object.entries(MOST)) expect(few[route], route).toBeLessThanOrEqual(most)
  expect(await requestsOf(1500)).toEqual(few)
})
