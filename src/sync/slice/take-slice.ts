import type { Fault } from '../../defender/index.ts'
import { atOf, type PhaseName, type SnapshotStatus } from '../../domain/index.ts'
import { phaseOf } from '../phases/index.ts'
import { recover } from './recover.ts'
import type { Slice } from './slice.ts'
import type { Stop } from './stop.ts'

/** How a slice ended: with the snapshot, or with a reason to go on in a later one. */
export type SliceResult = { kind: 'ended'; status: SnapshotStatus } | { kind: 'more'; stop: Stop }

/**
 * Does one bounded part of a snapshot, phase after phase, from wherever the last slice left it. A plain function of what the slice
 * holds: whoever has the tenant's lease may call it, a timer today, a queue or an orchestration tomorrow.
 */
export async function takeSlice(slice: Slice, previousWasKilled: boolean): Promise<SliceResult> {
  const { record, stop, stalls, calls } = slice
  if (previousWasKilled) await recover(slice)
  if (isStuck(slice)) await end(slice, NO_PROGRESS)
  for (;;) {
    const phase = phaseOf(record.snapshot.phase)
    if (!phase) return { kind: 'ended', status: record.snapshot.status }
    const outcome = await phase.work(slice)
    if (stop.reason?.kind === 'refused' && phase.name !== 'totals') await fail(slice, stop.reason)
    else if (outcome === 'more') break
    else if (outcome === 'failed') await enter(slice, 'totals')
    else await enter(slice, phase.next(record.snapshot))
  }
  record.stalled(stalls.stalledSlices(calls.counts.calls))
  await record.write()
  return { kind: 'more', stop: stop.reason ?? { kind: 'deadline' } }
}

/** Writes down that a phase is over before the next begins: a resumed snapshot looks for unfinished machines in the right one. */
async function enter(slice: Slice, phase: PhaseName): Promise<void> {
  const { record, stalls, ports } = slice
  record.enter(phase, ports.outside.clock.now())
  stalls.phaseBegan()
  await record.write()
}

/** Longer than any snapshot goes without a single machine that comes to its end, waits for calls not counted. */
const LONGEST_STALL_MS = 24 * 3_600_000

const NO_PROGRESS: Fault = {
  kind: 'transient',
  code: 'noProgress',
  detail: 'no machine came to its end in 24 hours: the snapshot is given up, so that the next one can start',
}

function isStuck({ record, ports }: Slice): boolean {
  const { phase } = record.snapshot
  return ports.lease.tenant.activeStalledMilliseconds > LONGEST_STALL_MS && phase !== 'totals' && phase !== 'ended'
}

/** What was observed stays and is counted, and the snapshot ends as failed. */
async function end(slice: Slice, fault: Fault): Promise<void> {
  slice.record.failed(fault)
  await enter(slice, 'totals')
}

/** Defender refuses the app. */
async function fail(slice: Slice, { fault }: Extract<Stop, { kind: 'refused' }>): Promise<void> {
  const { lease, outside } = slice.ports
  await lease.update({ blockedCode: fault.code, blockedDetail: fault.detail, blockedAt: atOf(outside.clock.now()) })
  await end(slice, fault)
}
