import { expect, it } from 'vitest'
import { comparableRows } from '../../../dev/comparable-rows.ts'
import { finish, idOf, kbOf, machineOf, type ScriptedWorld, START, startScriptedWorld } from '../../support/scripted-world.ts'
import { TABLES } from '../../support/two-looks.ts'
import { sized } from '../../support/test-size.ts'

const MACHINES = sized(1_100, 2_100)
const DAY = 86_400_000
const PAGE_MILLISECONDS = 6_000

/** While totals are counted each page that is read of machines and changes takes longer than a slice has; partial sums are counted. */
function slow(world: ScriptedWorld, partial: { writes: number }) {
  let isCounting = false
  return world.another({ SYNC_SLICE_SECONDS: '5', SYNC_LEASE_SECONDS: '90' }, world.clock, (client, table) => {
    const isSlow = table === 'machines' || table.startsWith('changes')
    return new Proxy(client, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        return (...args: unknown[]): unknown => {
          if (table === 'snapshots' && name === 'submitTransaction') isCounting = JSON.stringify(args).includes('"phase":"totals"')
          if (table === 'trends' && name === 'submitTransaction' && JSON.stringify(args).includes('"rowKey":"totals|')) partial.writes++
          const result = (member as (...all: unknown[]) => unknown).apply(target, args)
          return isSlow && isCounting && name === 'listEntities' ? slowly(result as Listing, world.clock) : result
        }
      },
    })
  })
}

interface Listing {
  byPage(...args: unknown[]): AsyncIterable<unknown[]>
}

function slowly(listing: Listing, clock: ScriptedWorld['clock']): Listing {
  return {
    byPage: async function* (...args) {
      for await (const page of listing.byPage(...args)) {
        if (page.length > 0) clock.at += PAGE_MILLISECONDS
        yield page
      }
    },
  }
}

/** Two looks at a fleet with groups, of which all machines change. */
async function takeTwo(isSlow: boolean) {
  const world = await startScriptedWorld({})
  const partial = { writes: 0 }
  const services = isSlow ? slow(world, partial) : world.services
  world.script.machines = Array.from({ length: MACHINES }, (_, index) => machineOf(index * 7, { rbacGroupName: `group ${index % 30}` }))
  const slices: number[] = []
  for (let day = 0; day < 2; day++) {
    for (let index = 0; index < MACHINES; index++) world.script.kbs.set(idOf(index * 7), [kbOf(String(day)), kbOf(`5${index % 40}`)])
    const snapshotId = await world.begin(START + day * DAY)
    await finish(services, world.clock)
    slices.push((await world.row(snapshotId))?.slices ?? 0)
  }
  return { rows: await comparableRows(world.openTable, TABLES), partial, slices }
}

it('totals of a fleet that is larger than one slice can count are those of one slice', { timeout: 300_000 }, async () => {
  const whole = await takeTwo(false)
  expect(whole.slices).toEqual([1, 1])
  expect(whole.partial.writes).toBe(0)
  const sliced = await takeTwo(true)
  // Two or three pages of machines and one or more of changes, each in a slice of its own, in both snapshots.
  expect(sliced.partial.writes).toBeGreaterThanOrEqual(sized(4, 6))
  expect(sliced.rows).toEqual(whole.rows)
})
