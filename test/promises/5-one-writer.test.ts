import { beforeAll, describe, expect, it } from 'vitest'
import { tick } from '../../src/sync/index.ts'
import { begin, type FrozenWorld, snapshotAt, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { comparableRows, type Rows } from '../../dev/comparable-rows.ts'
import { sharing } from '../support/sharing.ts'
import { DAY, MINUTE, openTablesOf, REFERENCE } from '../support/world.ts'

const TABLES = ['snapshots', 'machines', 'missingkbs', 'changes202603', 'kbs', 'kbtotals', 'trends', 'kbtrends', 'names']
const SECOND_LOOK = REFERENCE + 16 * DAY

async function rowsOf(run: Awaited<ReturnType<typeof startRun>>, prefix: string) {
  const openTable = openTablesOf(run.services)
  return comparableRows((name) => openTable(`${prefix}${name}`), TABLES)
}

async function undisturbed(frozenWorld: FrozenWorld) {
  const run = await startRun(frozenWorld, 'alone')
  await snapshotAt(frozenWorld, run, REFERENCE)
  await snapshotAt(frozenWorld, run, SECOND_LOOK)
  return rowsOf(run, 'alone')
}

describe('promise 5: one writer per tenant', () => {
  let frozenWorld: FrozenWorld
  let expected: Rows
  beforeAll(() =>
    sharing(async (atEnd) => {
      frozenWorld = await startFrozenWorld({ machines: 30, seed: 18, atEnd })
      expected = await undisturbed(frozenWorld)
    }),
  )

  it('lets one of many workers that tick at once take the slice, and the rows are those of one worker', async () => {
    const run = await startRun(frozenWorld, 'together')
    const workers = [
      run.services,
      ...(await Promise.all(
        [1, 2, 3].map(() => frozenWorld.world.another({ environment: { TABLE_PREFIX: 'together' }, clock: run.clock })),
      )),
    ]
    for (const look of [REFERENCE, SECOND_LOOK]) {
      await begin(frozenWorld, run, look)
      for (let ended = false; !ended; run.clock.advance(MINUTE)) {
        const results = await Promise.all(workers.map((services) => tick(services)))
        const worked = results.filter((result) => result.kind === 'more' || result.kind === 'ended')
        expect(worked.length).toBeLessThanOrEqual(1)
        ended = worked.some((result) => result.kind === 'ended')
      }
    }
    expect(await rowsOf(run, 'together')).toEqual(expected)
  })

  it('makes a worker give up that comes back after its lease ran out and another took over, without a trace in the rows', async () => {
    const run = await startRun(frozenWorld, 'late')
    await snapshotAt(frozenWorld, run, REFERENCE)
    await begin(frozenWorld, run, SECOND_LOOK)

    // Stands still in the middle of its calls, as a machine does that is put to sleep.
    const stopped = { calls: 0, resume: () => undefined as void }
    const asleep = new Promise<void>((resolve) => (stopped.resume = resolve))
    const { defender } = run.services
    const sleepy = {
      ...defender,
      missingKbs: async (...args: Parameters<typeof defender.missingKbs>) => {
        if (++stopped.calls > 5) await asleep
        return defender.missingKbs(...args)
      },
    }
    const late = tick({ ...run.services, defender: sleepy }).then(
      () => 'finished',
      (error: Error) => error.name,
    )
    while (stopped.calls <= 12) await new Promise((resolve) => setImmediate(resolve))

    const other = await frozenWorld.world.another({ environment: { TABLE_PREFIX: 'late' }, clock: run.clock })
    expect(await tick(other)).toEqual({ kind: 'busy' })
    run.clock.advance(2 * MINUTE)
    expect((await tick(other)).kind).toBe('ended')
    stopped.resume()
    expect(await late).toBe('LeaseLostError')
    expect(await rowsOf(run, 'late')).toEqual(expected)
  })
})
