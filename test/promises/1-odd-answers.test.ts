import { describe, expect, it } from 'vitest'
import { faultOf, idOf, kbOf, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'
import { DAY } from '../support/world.ts'

describe('promise 1: an answer that says less than it should closes nothing', () => {
  it('a listing that leaves out a platform', async () => {
    const { script, snapshot, changesOf, row, store } = await startScriptedWorld()
    script.machines = [machineOf(1)]
    script.kbs.set(idOf(1), [kbOf('1'), kbOf('2')])
    await snapshot(START)
    script.machines = [machineOf(1, { osPlatform: null })]
    const second = await snapshot(START + DAY)
    expect(await changesOf(second)).toEqual([])
    expect(await row(second)).toMatchObject({ status: 'completed', observed: 1, skipped: 0 })
    expect(await store.machines.get(idOf(1))).toMatchObject({ osPlatform: 'Windows11', wanted: true })
  })

  it('rows that name no KB: what seems to be gone may be one of them', async () => {
    const { clock, script, snapshot, changesOf } = await startScriptedWorld()
    script.machines = [machineOf(1)]
    script.kbs.set(idOf(1), [kbOf('1'), kbOf('2')])
    await snapshot(START)
    const observedAt = new Date(clock.now()).toISOString()
    script.missingKbs = () => ({ kind: 'observed', kbs: [kbOf('1'), kbOf('3')], dropped: 1, observedAt })
    expect(await changesOf(await snapshot(START + DAY))).toEqual(['1 3 appeared new'])
    script.missingKbs = () => ({ kind: 'observed', kbs: [kbOf('1'), kbOf('3')], dropped: 0, observedAt })
    expect(await changesOf(await snapshot(START + 2 * DAY))).toEqual(['1 2 resolved reassessed'])
  })

  it('another machine than the one that MACHINE_FILTER was asked about', async () => {
    const { script, snapshot, changesOf, row } = await startScriptedWorld({ MACHINE_FILTER: "startswith(computerDnsName,'pc')" })
    const [first, second] = [machineOf(1), machineOf(2)]
    script.machines = [first, second]
    script.kbs.set(idOf(2), [kbOf('1')])
    await snapshot(START)
    script.list = (skip) => ({ kind: 'page', machines: skip === 0 ? [first] : [], rows: skip === 0 ? 1 : 0, more: false })
    const snapshotId = await snapshot(START + DAY)
    expect(await changesOf(snapshotId)).toEqual([])
    expect(await row(snapshotId)).toMatchObject({ status: 'incomplete', unknown: 1 })
  })

  for (const { cuts, status } of [
    { cuts: 3, status: 'completed' },
    { cuts: Infinity, status: 'incomplete' },
  ] as const) {
    it(`pages that the slice's end cuts off, ${cuts} times: the snapshot ends`, async () => {
      const { script, snapshot, row } = await startScriptedWorld()
      script.machines = [machineOf(1), machineOf(2)]
      let cutOff = 0
      script.missingKbs = (machineId) =>
        machineId === idOf(1) && ++cutOff <= cuts ? faultOf('transient', 200, { code: 'pagesCutOff' }) : undefined
      expect(await row(await snapshot(START))).toMatchObject({ status })
    })
  }
})

it('an answer of a thousand KBs, all of them new, is kept whole', async () => {
  const { script, snapshot, row } = await startScriptedWorld()
  script.machines = [machineOf(1)]
  const long = {
    kbName: 'March 2020 Security Updates for Microsoft server operating system',
    productsNames: ['windows_10', 'windows_11', 'windows_server_2022'],
  }
  const url = (kbId: string) => `https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB${kbId}`
  script.kbs.set(
    idOf(1),
    Array.from({ length: 1_500 }, (_, index) => ({ ...kbOf(String(5_000_000 + index)), ...long, url: url(String(5_000_000 + index)) })),
  )
  expect(await row(await snapshot(START))).toMatchObject({ status: 'completed', missingPairs: 1_500, appeared: 1_500 })
})

describe('health', () => {
  it('is stale when snapshots end without an answer for any machine', async () => {
    const { script, snapshot, tenant } = await startScriptedWorld()
    script.machines = [machineOf(1)]
    await snapshot(START)
    const answeredAt = (await tenant()).tenant.lastEndedAt
    script.missingKbs = () => faultOf('transient', 502)
    await snapshot(START + DAY)
    expect((await tenant()).tenant).toMatchObject({ lastAnsweredAt: answeredAt })
    expect(((await tenant()).tenant.lastEndedAt ?? '') > (answeredAt ?? '')).toBe(true)
  })
})
