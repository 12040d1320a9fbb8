import { describe, expect, test } from 'vitest'
import { lackedAt, monthOf, newestOf } from '../../../dev/simulator/lacked.ts'
import { DAY } from '../../../dev/simulator/time.ts'
import { idsOf, missingKbsPath, REFERENCE, simulate } from './client.ts'
import { worldOf } from './export/exporting.ts'

const lookedAt = [REFERENCE, REFERENCE + 40 * DAY]

/** How many KBs `getmissingkbs` lists at those times, each machine's against what it lacks. */
function listedOf(superseded: 'some' | 'all' | 'newest') {
  const { fleet } = worldOf({ machines: 120, superseded })
  return lookedAt.flatMap((at) =>
    fleet.existing(at).map((machine) => {
      const lacked = lackedAt(machine, at)
      return { lacked, listed: new Set(fleet.missing(machine, at).map(({ kb }) => kb.id)) }
    }),
  )
}

const idsOfAll = (lacked: ReturnType<typeof lackedAt>) => new Set(lacked.map(({ release }) => release.kb.id))

describe('what getmissingkbs lists of superseded KBs', () => {
  test('all: what the export lists', () => {
    for (const { lacked, listed } of listedOf('all')) expect(listed).toEqual(idsOfAll(lacked))
  })

  test('newest: of each product the newest bulletin, which has everything older in it', () => {
    let contained = 0
    for (const { lacked, listed } of listedOf('newest')) {
      expect(listed).toEqual(idsOfAll(newestOf(lacked)))
      for (const { release, products } of lacked) {
        const isOlder = products.every((product) =>
          lacked.some((other) => other.products.includes(product) && monthOf(other.release) > monthOf(release)),
        )
        expect(listed.has(release.kb.id)).toBe(!isOlder)
        contained += isOlder ? 1 : 0
      }
    }
    expect(contained).toBeGreaterThan(100)
  })

  test('some, unless told: the newest of each line, and a few beside it', () => {
    const all = listedOf('some')
    const kept = all.filter(({ lacked, listed }) => listed.size > idsOfAll(newestOf(lacked)).size)
    expect(kept.length).toBeGreaterThan(10)
    expect(all.some(({ lacked, listed }) => listed.size < lacked.length)).toBe(true)
    for (const { lacked, listed } of all) for (const kbId of listed) expect(idsOfAll(lacked)).toContain(kbId)
  })

  test('over HTTP it is so, and the export is the same whatever is chosen', async () => {
    const [all, newest] = await Promise.all([simulate({ superseded: 'all' }), simulate({ superseded: 'newest' })])
    expect(newest.exported(REFERENCE)).toEqual(all.exported(REFERENCE))
    const [machineId = ''] = [...all.truth(REFERENCE)].find(([, kbIds]) => kbIds.size > 4) ?? []
    const [listed, reduced] = await Promise.all(
      [all, newest].map(async (one) => idsOf((await one.getJson(missingKbsPath(machineId))).body)),
    )
    expect(new Set(listed)).toEqual(all.truth(REFERENCE).get(machineId))
    expect(new Set(reduced)).toEqual(newest.truth(REFERENCE).get(machineId))
    expect(listed?.length).toBeGreaterThan(reduced?.length ?? 0)
  })
})
