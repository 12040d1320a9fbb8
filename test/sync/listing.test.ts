import { describe, expect, it } from 'vitest'
import { tick } from '../../src/sync/index.ts'
import { faultOf, idOf, machineOf, START, startScriptedWorld } from '../support/scripted-world.ts'
import { MINUTE } from '../support/world.ts'

describe('the listing', () => {
  it('goes on where a slice ended between two attempts of a page', async () => {
    const { script, snapshot, row } = await startScriptedWorld()
    script.machines = [machineOf(1), machineOf(2)]
    let asked = 0
    // 503 and then 429, in three slices.
    script.list = () =>
      ++asked > 6 ? undefined : asked % 2 === 1 ? faultOf('transient', 503) : faultOf('throttled', 429, { retryAfterSeconds: 5 })
    expect(await row(await snapshot(START))).toMatchObject({ status: 'completed', listed: 2, listingFailures: 0 })
  })

  it('keeps the newer report also when slices end between the pages', async () => {
    const { script, snapshot, store } = await startScriptedWorld({ SYNC_SLICE_SECONDS: '5' })
    script.callMilliseconds = 6_000
    const pages: Record<number, ReturnType<typeof machineOf>[]> = {
      0: [machineOf(1, { lastSeen: '2026-03-02T00:00:00.000Z' })],
      1: [machineOf(2), machineOf(1, { lastSeen: '2026-03-01T00:00:00.000Z' })],
    }
    script.list = (skip) => ({ kind: 'page', machines: pages[skip] ?? [], rows: pages[skip]?.length ?? 0, more: false })
    await snapshot(START)
    expect(await store.machines.get(idOf(1))).toMatchObject({ lastSeen: '2026-03-02T00:00:00.000Z' })
  })

  it('has failed when a page never comes, however the slices end', async () => {
    const { clock, script, snapshot, row } = await startScriptedWorld({ SYNC_SLICE_SECONDS: '20' })
    script.list = () => {
      clock.at += 30_000
      return faultOf('transient', 504)
    }
    expect(await row(await snapshot(START))).toMatchObject({ status: 'failed', listingComplete: false })
  })

  it('keeps the newer report of a machine that two pages bring', async () => {
    const { script, snapshot, store, row } = await startScriptedWorld()
    const [older, newer] = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'].map((lastSeen) => machineOf(1, { lastSeen }))
    if (!older || !newer) throw new Error('two reports')
    for (const [first, second] of [
      [older, newer],
      [newer, older],
    ] as const) {
      const pages: Record<number, (typeof older)[]> = { 0: [first, machineOf(2)], 2: [second, machineOf(3)] }
      script.list = (skip) => ({ kind: 'page', machines: pages[skip] ?? [], rows: pages[skip]?.length ?? 0, more: false })
      const snapshotId = await snapshot(START + (first === older ? 0 : MINUTE * 10))
      expect(await store.machines.get(idOf(1))).toMatchObject({ lastSeen: newer.lastSeen })
      expect(await row(snapshotId)).toMatchObject({ listed: 3 })
    }
  })
})

describe('the schedule', () => {
  it('counts a start on the snapshot in whose last slice it falls due, and does not make it up', async () => {
    const { clock, script, services, begin, row } = await startScriptedWorld({ SYNC_SCHEDULE: '0 0 2 * * *', SYNC_CONCURRENCY: '1' })
    script.machines = [machineOf(1), machineOf(2)]
    script.callMilliseconds = 10_000
    const snapshotId = await begin(Date.parse('2026-03-02T01:59:45Z'))
    expect((await tick(services)).kind).toBe('ended')
    expect(clock.at).toBeGreaterThan(Date.parse('2026-03-02T02:00:00Z'))
    expect(await row(snapshotId)).toMatchObject({ skippedStarts: 1 })
    clock.at = Date.parse('2026-03-02T02:01:00Z')
    expect((await tick(services)).kind).toBe('idle')
  })
})
