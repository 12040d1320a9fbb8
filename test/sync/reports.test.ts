import { describe, expect, it } from 'vitest'
import { idOf, kbOf, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'
import { DAY } from '../support/world.ts'

const [EARLIER, KNOWN, LATER] = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z', '2026-03-04T00:00:00.000Z']

/** A KB is missing in two snapshots, and gone in the third; why, by the last report that each listing knew. */
async function reasonAfter(...lastSeen: (string | null | undefined)[]): Promise<string[]> {
  const { script, snapshot, changesOf } = await startScriptedWorld()
  let snapshotId = ''
  for (const [day, seen] of lastSeen.entries()) {
    script.machines = [machineOf(1, { lastSeen: seen ?? null })]
    script.kbs.set(idOf(1), day < lastSeen.length - 1 ? [kbOf('1'), kbOf('2')] : [kbOf('1')])
    snapshotId = await snapshot(START + day * DAY)
  }
  return changesOf(snapshotId)
}

describe('promise 6: a report that was known before is no evidence', () => {
  it('when the last report leaps back once', async () => {
    expect(await reasonAfter(KNOWN, EARLIER, KNOWN)).toEqual(['1 2 resolved reassessed'])
  })

  it('and neither does an old or a missing one tell how long a machine is silent', async () => {
    const [yesterday, longAgo] = [new Date(START - DAY).toISOString(), new Date(START - 40 * DAY).toISOString()]
    expect(await reasonAfter(yesterday, longAgo)).toEqual(['1 2 resolved reassessed'])
    expect(await reasonAfter(longAgo, null)).toEqual(['1 2 resolved silent'])
  })

  it('when it is from the future', async () => {
    const wrong = new Date(START + 3_650 * DAY).toISOString()
    expect(await reasonAfter(KNOWN, wrong, LATER)).toEqual(['1 2 resolved installed'])
  })

  it('when it is left out once', async () => {
    expect(await reasonAfter(KNOWN, null, KNOWN)).toEqual(['1 2 resolved reassessed'])
    expect(await reasonAfter(KNOWN, null, LATER)).toEqual(['1 2 resolved installed'])
  })
})
