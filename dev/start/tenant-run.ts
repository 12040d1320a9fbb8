import { z } from 'zod'
import { parseLedger, type Quota } from '../../src/defender/budget/index.ts'
import { snapshotSchema, type SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import type { TenantStore } from '../../src/store/index.ts'
import type { FunctionApp } from '../host/index.ts'
import type { Api } from './api.ts'
import { callsLeft } from './calls-left.ts'
import { pause } from './interruption.ts'
import { isEnded } from './snapshot-row.ts'
import { tenantLine } from './tenant-line.ts'
import type { Terminal } from './terminal.ts'

/** Everything that is running, for the steps of a run against a real tenant. */
export interface TenantRun {
  app: FunctionApp
  /** The app's API, through the host. */
  api: Api
  /** For the ledger of calls, which is no business of the API's. */
  rows: TenantStore['tenant']
  tenantId: string
  quota: Quota
  terminal: Terminal
  signal: AbortSignal
  now: () => number
}

const SECOND = 1_000
const MINUTE = 60 * SECOND

/**
 * Ticks now and at every full minute until the snapshot has ended, and shows how far it is. A tick that fails is told, and the next one
 * goes on from what was written, as in Azure.
 */
export async function followSnapshot(run: TenantRun, snapshotId: string): Promise<SnapshotShape> {
  for (;;) {
    await tickAndShow(run, snapshotId)
    const snapshot = await run.api.get(`/api/snapshots/${snapshotId}`, snapshotSchema)
    if (isEnded(snapshot)) return snapshot
    const line = await lineOf(run, snapshotId, false)
    if (!run.terminal.isLive) run.terminal.print(line)
    for (const nextMinute = minuteAfter(run.now()); run.now() < nextMinute;) {
      run.terminal.draw(await lineOf(run, snapshotId, false))
      await pause(Math.min(SECOND, nextMinute - run.now()), run.signal)
    }
  }
}

/** Ticks at every full minute until a snapshot is active: a scheduled one, or one that somebody asked for. */
export async function awaitSnapshot(run: TenantRun): Promise<string> {
  for (;;) {
    const active = await activeSnapshot(run.api)
    if (active) return active.snapshotId
    // One that is asked for is taken up at once; the schedule needs the tick.
    for (const nextMinute = minuteAfter(run.now()); run.now() < nextMinute;) {
      await pause(Math.min(2 * SECOND, nextMinute - run.now()), run.signal)
      const asked = await activeSnapshot(run.api)
      if (asked) return asked.snapshotId
    }
    await tick(run)
  }
}

export async function activeSnapshot(api: Api): Promise<SnapshotShape | undefined> {
  const { snapshots } = await api.get('/api/snapshots?limit=1', z.object({ snapshots: z.array(snapshotSchema) }))
  return snapshots.find((snapshot) => !isEnded(snapshot))
}

async function tickAndShow(run: TenantRun, snapshotId: string): Promise<void> {
  let isTicking = true
  const ticking = tick(run).finally(() => {
    isTicking = false
  })
  while (isTicking) {
    run.terminal.draw(await lineOf(run, snapshotId, true))
    // A slice that is under way is not waited for: it is redone, like that of a killed process.
    await Promise.race([ticking, pause(SECOND, run.signal)])
  }
}

async function tick({ app, terminal, signal }: TenantRun): Promise<void> {
  try {
    await app.runTimer('tick')
  } catch (error) {
    // At the end the storage goes before the slice has noticed.
    if (signal.aborted) return
    terminal.print(
      terminal.paint('yellow', `  A tick failed: ${error instanceof Error ? error.message : String(error)} The next one goes on.`),
    )
  }
}

async function lineOf({ api, rows, quota, terminal, now }: TenantRun, snapshotId: string, isTicking: boolean): Promise<string> {
  const snapshot = await api.get(`/api/snapshots/${snapshotId}`, snapshotSchema)
  const read = await rows.get()
  const at = now()
  const { ledger } = parseLedger(read?.tenant.missingKbsBudget || undefined, { earliestMs: at, latestMs: at })
  const tenant = read?.tenant ?? { leaseOwner: '', leaseUntil: '', notBefore: '' }
  return tenantLine({ snapshot, tenant, left: callsLeft(ledger, quota, at), isTicking, now: at }, terminal)
}

const minuteAfter = (now: number): number => (Math.floor(now / MINUTE) + 1) * MINUTE
