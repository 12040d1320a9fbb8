import { parseLedger, type Quota } from '../../src/defender/budget/index.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import type { TenantStore } from '../../src/store/index.ts'
import type { Api } from './api.ts'
import type { ServedApp } from './app.ts'
import type { Session } from './session.ts'
import { isEnded } from './snapshot-row.ts'
import { callsLeft, tenantLine } from './tenant-line.ts'

/** Everything that is running, for the steps of a run against a real tenant. */
export interface TenantRun extends ServedApp {
  session: Session
  /** For the ledger of calls, which is no business of the API's. */
  rows: TenantStore['tenant']
  tenantId: string
  quota: Quota
}

const SECOND = 1_000
const MINUTE = 60 * SECOND

/**
 * Ticks now and at every full minute until the snapshot has ended, and shows how far it is. A tick that fails is told, and the next one
 * goes on from what was written, as in Azure.
 */
export async function followSnapshot(run: TenantRun, snapshotId: string): Promise<SnapshotShape> {
  const { terminal } = run.session
  for (;;) {
    await tickAndShow(run, snapshotId)
    const snapshot = await run.api.snapshot(snapshotId)
    if (isEnded(snapshot)) return snapshot
    if (!terminal.isLive) terminal.print(await lineOf(run, snapshotId, false))
    await eachUntilMinute(run.session, SECOND, async () => terminal.draw(await lineOf(run, snapshotId, false)))
  }
}

/** Ticks at every full minute until a snapshot is active: a scheduled one, or one that somebody asked for. Resolves to its id. */
export async function awaitSnapshot(run: TenantRun): Promise<string> {
  for (;;) {
    // One that is asked for is taken up at once; the schedule needs the tick.
    let active = await activeSnapshot(run.api)
    await eachUntilMinute(run.session, 2 * SECOND, async () => (active ??= await activeSnapshot(run.api)) !== undefined)
    if (active) return active.snapshotId
    await tick(run)
  }
}

export async function activeSnapshot(api: Api): Promise<SnapshotShape | undefined> {
  return (await api.newestSnapshots(1)).find((snapshot) => !isEnded(snapshot))
}

/** Does something at once and then every so often, up to the next full minute, or until it says `true`. */
async function eachUntilMinute(session: Session, everyMs: number, act: () => Promise<boolean | void>): Promise<void> {
  const nextMinute = (Math.floor(Date.now() / MINUTE) + 1) * MINUTE
  while (Date.now() < nextMinute && (await act()) !== true) await session.pause(Math.max(0, Math.min(everyMs, nextMinute - Date.now())))
}

async function tickAndShow(run: TenantRun, snapshotId: string): Promise<void> {
  let isTicking = true
  const ticking = tick(run).finally(() => {
    isTicking = false
  })
  while (isTicking) {
    run.session.terminal.draw(await lineOf(run, snapshotId, true))
    // A slice that is under way is not waited for: it is redone, like that of a killed process.
    await Promise.race([ticking, run.session.pause(SECOND)])
  }
}

async function tick({ app, session }: TenantRun): Promise<void> {
  try {
    await app.runTimer('tick')
  } catch (error) {
    // At the end the storage goes before the slice has noticed.
    if (session.isInterrupted) return
    const { terminal } = session
    const problem = error instanceof Error ? error.message : String(error)
    terminal.print(terminal.paint('yellow', `  A tick failed: ${problem} The next one goes on.`))
  }
}

async function lineOf({ api, rows, quota, session }: TenantRun, snapshotId: string, isTicking: boolean): Promise<string> {
  const snapshot = await api.snapshot(snapshotId)
  const read = await rows.get()
  const now = Date.now()
  const { ledger } = parseLedger(read?.tenant.missingKbsBudget || undefined, { earliestMs: now, latestMs: now })
  const tenant = read?.tenant ?? { leaseOwner: '', leaseUntil: '', notBefore: '' }
  return tenantLine({ snapshot, tenant, left: callsLeft(ledger, quota, now), isTicking, now }, session.terminal)
}
