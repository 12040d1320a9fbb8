import { describe, expect, it } from 'vitest'
import type { ListedMachine } from '../../src/domain/index.ts'
import { idOf, kbOf, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'
import { DAY } from '../support/world.ts'

const LATER = '2026-03-03T00:00:00.000Z'
const WINDOWS_10 = { osPlatform: 'Windows10', version: '22H2' }
const WINDOWS_11 = { osPlatform: 'Windows11', version: '24H2', lastSeen: LATER }
const of = (kbId: string, ...productsNames: string[]) => ({ ...kbOf(kbId), productsNames })

/** What a machine's two KBs, one of Windows 10 and one of Office, are resolved as when it is listed anew with other values. */
async function reasons(before: Partial<ListedMachine>, after: Partial<ListedMachine>, left: string[] = []): Promise<string[]> {
  const world = await startScriptedWorld()
  const kbs = [of('1', 'windows_10'), of('2', 'office')]
  world.script.machines = [machineOf(0, before)]
  world.script.kbs.set(idOf(0), kbs)
  await world.snapshot(START)
  world.script.machines = [machineOf(0, after)]
  world.script.kbs.set(
    idOf(0),
    left.map((kbId) => of(kbId, 'windows_11')),
  )
  return world.changesOf(await world.snapshot(START + DAY))
}

describe('promise 6: an upgrade installs nothing', () => {
  it('another platform takes the KBs of the old one away', async () => {
    expect(await reasons(WINDOWS_10, WINDOWS_11, ['9'])).toEqual(['0 1 resolved upgraded', '0 2 resolved installed', '0 9 appeared new'])
  })

  it('so does another version of it', async () => {
    expect(await reasons(WINDOWS_10, { ...WINDOWS_10, version: '23H2', lastSeen: LATER })).toEqual([
      '0 1 resolved upgraded',
      '0 2 resolved installed',
    ])
  })

  it.each<[string, Partial<ListedMachine>, Partial<ListedMachine>]>([
    ['before', { ...WINDOWS_10, version: null }, { osPlatform: 'Windows10', version: '23H2', lastSeen: LATER }],
    ['now', WINDOWS_10, { osPlatform: 'Windows10', version: null, lastSeen: LATER }],
    ['in another spelling', WINDOWS_10, { osPlatform: 'WINDOWS10', version: '22h2', lastSeen: LATER }],
  ])('a version that is not known %s is no evidence', async (_, before, after) => {
    expect(await reasons(before, after)).toEqual(['0 1 resolved installed', '0 2 resolved installed'])
  })

  it('a version that a listing left out in between is remembered', async () => {
    const world = await startScriptedWorld()
    world.script.machines = [machineOf(0, WINDOWS_10)]
    world.script.kbs.set(idOf(0), [of('1', 'windows_10')])
    await world.snapshot(START)
    world.script.machines = [machineOf(0, { osPlatform: 'Windows10', version: null })]
    await world.snapshot(START + DAY)
    world.script.machines = [machineOf(0, WINDOWS_11)]
    world.script.kbs.set(idOf(0), [])
    expect(await world.changesOf(await world.snapshot(START + 2 * DAY))).toEqual(['0 1 resolved upgraded'])
  })
})

describe('promise 6: products that are known by now count', () => {
  it('of a KB that was described without any when its interval opened', async () => {
    const world = await startScriptedWorld()
    world.script.machines = [machineOf(0), machineOf(1)]
    world.script.kbs.set(idOf(0), [of('1')])
    await world.snapshot(START)
    world.script.kbs.set(idOf(1), [of('1', 'windows_11')])
    await world.snapshot(START + DAY)
    world.script.machines = [machineOf(0, { lastSeen: LATER }), machineOf(1)]
    world.script.kbs.set(idOf(0), [of('2', 'windows_11')])
    const changes = await world.changesOf(await world.snapshot(START + 2 * DAY))
    expect(changes).toContain('0 1 resolved superseded')
  })
})
