import { describe, expect, test } from 'vitest'
import { exportSightOf, verdictOf, type Order } from '../../../dev/oracle/exported.ts'
import { lackedAt, type Lacked } from '../../../dev/simulator/lacked.ts'
import { DAY } from '../../../dev/simulator/time.ts'
import { REFERENCE } from '../simulator/client.ts'
import { worldOf } from '../simulator/export/exporting.ts'

const world = worldOf({ machines: 120 })
const times = [REFERENCE, REFERENCE + 10 * DAY]

/** Every machine in an export at those times, with what it lacks. */
function sights(order: Order) {
  return times.flatMap((at) => {
    const exported = world.exports.exported(at)
    return [...exported.machines.keys()].map((machineId) => {
      const machine = world.fleet.find(machineId) ?? expect.fail()
      return { sight: exportSightOf(exported, machineId, order) ?? expect.fail(), lacked: lackedAt(machine, exported.generatedAt) }
    })
  })
}

const idOf = ({ release }: Lacked): string => release.kb.id

describe('what an export says of a machine', () => {
  test('is every KB that it lacks, with its products and as many rows as there are', () => {
    for (const { sight, lacked } of sights('build')) {
      expect([...sight.kbs.keys()]).toEqual(lacked.map(idOf))
      for (const { release, products } of lacked) {
        expect(sight.kbs.get(release.kb.id)?.products).toEqual(products)
        expect(sight.kbs.get(release.kb.id)?.rows).toBeGreaterThanOrEqual(products.length)
      }
      expect(sight.generatedAt - sight.reportedAt).toBeLessThanOrEqual(30 * DAY)
    }
  })

  test('is nothing of a machine that has no row', () => {
    const exported = world.exports.exported(REFERENCE)
    const absent = world.fleet.existing(REFERENCE).find(({ machineId }) => !exported.machines.has(machineId))
    expect(exportSightOf(exported, absent?.machineId ?? '', 'build')).toBeUndefined()
  })

  test('is by build the one cumulative update of Windows that was released last, which contains the others', () => {
    let contained = 0
    for (const { sight } of sights('build')) {
      for (const [product, newest] of sight.newest) {
        if (!product.startsWith('windows_')) continue
        for (const [kbId, containing] of sight.contained) {
          if (!sight.kbs.get(kbId)?.products.includes(product)) continue
          expect(containing).toEqual(expect.arrayContaining([...newest]))
          contained++
        }
      }
    }
    expect(contained).toBeGreaterThan(50)
    const one = sights('build').filter(({ sight }) => sight.newest.get('windows_11')?.length === 1)
    expect(one.length).toBeGreaterThan(10)
  })

  test('is by month all of the newest bulletin, so never less than by build', () => {
    const [byBuild, byMonth] = [sights('build'), sights('month')]
    let more = 0
    for (const [index, { sight }] of byMonth.entries()) {
      for (const [product, newest] of sight.newest) {
        const months = newest.map((kbId) => monthsOf(byMonth[index]?.lacked ?? []).get(kbId))
        expect(new Set(months).size).toBe(1)
        const ofBuild = byBuild[index]?.sight.newest.get(product) ?? []
        expect(newest).toEqual(expect.arrayContaining([...ofBuild]))
        more += newest.length - ofBuild.length
      }
      const both = [...sight.newest.values()].flat()
      expect(new Set([...both, ...sight.contained.keys()])).toEqual(new Set(sight.kbs.keys()))
      expect(both.some((kbId) => sight.contained.has(kbId))).toBe(false)
    }
    expect(more).toBeGreaterThan(0)
  })
})

const monthsOf = (lacked: readonly Lacked[]) => new Map(lacked.map(({ release }) => [release.kb.id, release.kb.released.slice(0, 7)]))

test.each([
  [['1', '2'], ['2', '1'], 0, 'equal'],
  [['1', '2'], ['2'], 10, 'more'],
  [['1'], ['2', '1'], 10, 'less'],
  [['1'], ['2'], 10, 'both'],
  [['1'], ['2'], 11, 'moved'],
  [['1'], ['1'], 11, 'moved'],
  [[], [], undefined, 'equal'],
] as const)('the verdict on %j beside %j, of a machine last seen at %s, is %s', (exported, asked, lastSeen, verdict) => {
  expect(verdictOf({ exported: new Set<string>(exported), asked: new Set<string>(asked), generatedAt: 10, lastSeen })).toBe(verdict)
})
