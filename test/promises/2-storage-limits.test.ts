import { expect, it } from 'vitest'
import { REAL_LIMITS, type TableServiceOptions } from '../../dev/table-service/index.ts'
import { RETRY_AT_ONCE } from '../support/disturbances.ts'
import { comparableRows } from '../../dev/comparable-rows.ts'
import { idOf, kbOf, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'
import { TABLES } from '../support/two-looks.ts'
import { DAY } from '../support/world.ts'

const MACHINES = 1_000

/** A quarter of what the service takes, for a quarter of the machines that a test of the real figures would need. */
const LIMITS = { ...REAL_LIMITS, ...RETRY_AT_ONCE, entitiesPerSecond: { partition: 500, account: 5_000 } }

/** Takes two snapshots of a fleet of which a part changes each day. */
async function takeTwo(tables: TableServiceOptions) {
  const world = await startScriptedWorld({}, tables)
  world.script.machines = Array.from({ length: MACHINES }, (_, index) => machineOf(index))
  for (let day = 0; day < 2; day++) {
    for (let index = 0; index < MACHINES; index++)
      world.script.kbs.set(idOf(index), index % 10 < 3 && day > 0 ? [kbOf('1'), kbOf(String(1 + day))] : [kbOf('1')])
    const row = await world.row(await world.snapshot(START + day * DAY))
    expect(row).toMatchObject({ status: 'completed', listed: MACHINES, observed: MACHINES })
  }
  return { rows: await comparableRows(world.openTable, TABLES), throttled: world.service.counts().throttled }
}

/** The service's own time: 5 ms a request, and half a second for whoever is told to come again. */
function timeByRequests(): { now: () => number; refused: () => void } {
  let time = START
  return { now: () => (time += 5), refused: () => void (time += 500) }
}

it(
  'promise 2: a fleet beyond what a partition takes in a second ends with the rows of an undisturbed one',
  { timeout: 300_000 },
  async () => {
    const undisturbed = await takeTwo({})
    expect(undisturbed.throttled).toBe(0)
    const time = timeByRequests()
    const limited = await takeTwo({ now: time.now, behaviour: LIMITS, log: ({ status }) => void (status === 503 && time.refused()) })
    expect(limited.throttled).toBeGreaterThan(5)
    expect(limited.rows).toEqual(undisturbed.rows)
  },
)
