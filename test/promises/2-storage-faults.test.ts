import { describe, expect, it } from 'vitest'
import type { Behaviour } from '../../dev/table-service/index.ts'
import { tick } from '../../src/sync/index.ts'
import { begin, type FrozenWorld, startFrozenWorld, startRun } from '../support/frozen-world.ts'
import { Mortal } from '../support/mortal.ts'
import { openStore } from '../../src/store/index.ts'
import { allRows } from '../support/rows.ts'
import { DAY, MINUTE, openTablesOf, REFERENCE } from '../support/world.ts'

const TABLES = ['snapshots', 'machines', 'missingkbs', 'changes202603', 'kbs', 'kbtotals']
const LOOKS = [REFERENCE, REFERENCE + 16 * DAY]

/** Retry-After 0: the SDK waits for it in real time. */
const shared = { retryAfterSeconds: 0, pageEndsAtPartition: true, scannedRowsPerPage: 7, emptyPages: 0.1 }
const DISTURBANCES: Record<string, Partial<Behaviour>> = {
  'that is busy now and then, for requests and within transactions': { ...shared, faults: { serverBusy: 0.05, serverBusyInside: 0.05 } },
  'that loses answers after it did what was asked': { ...shared, faults: { responseLost: 0.04, timedOutAfterSuccess: 0.04 } },
  'that cuts connections and fails': { ...shared, faults: { connectionReset: 0.04, internalError: 0.04 } },
}

type Run = Awaited<ReturnType<typeof startRun>>

/** Ticks until the active snapshot ended, over ticks that fail as well as over workers that are killed. */
async function outlast(run: Run, prefix: string, lives: boolean): Promise<number> {
  const { store, config } = run.services
  let failed = 0
  for (let ticks = 0; ticks < 300; ticks++) {
    const mortal = new Mortal(lives ? 20 + 7 * ticks : Infinity)
    const openTable = openTablesOf(run.services)
    const its = { ...run.services, store: openStore((name) => mortal.table(openTable(name)), prefix), defender: mortal.defender(run.services.defender) }
    await Promise.race([tick(its).catch(() => void failed++), mortal.died])
    run.clock.advance(2 * MINUTE)
    const read = await store.tenants.get(config.defender.tenantId)
    if (read?.tenant.activeSnapshotId === '') return failed
  }
  throw new Error('no end in 300 ticks')
}

async function takeBoth(frozenWorld: FrozenWorld, prefix: string, disturbance: Partial<Behaviour>, lives: boolean) {
  const run = await startRun(frozenWorld, prefix)
  for (const look of LOOKS) {
    await begin(frozenWorld, run, look)
    frozenWorld.world.disturbTables(disturbance)
    await outlast(run, prefix, lives)
    frozenWorld.world.disturbTables({ faults: {}, emptyPages: 0 })
  }
  const openTable = openTablesOf(run.services)
  return allRows((name) => openTable(`${prefix}${name}`), TABLES)
}

describe('a snapshot over a table service', () => {
  for (const [name, disturbance] of Object.entries(DISTURBANCES)) {
    for (const lives of [false, true]) {
      it(`${name}${lives ? ', with workers that are killed,' : ''} ends with the rows of an undisturbed one`, { timeout: 300_000 }, async () => {
        const frozenWorld = await startFrozenWorld({ machines: 20, seed: 18, tables: 'tableService' })
        const undisturbed = await takeBoth(frozenWorld, 'calm', {}, false)
        expect(undisturbed.size).toBeGreaterThan(50)
        expect(await takeBoth(frozenWorld, 'stormy', disturbance, lives)).toEqual(undisturbed)
      })
    }
  }
})
