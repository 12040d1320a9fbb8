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
  for (;;) {
    const phase = phaseOf(record.snapshot.phase)
    if (!phase) return { kind: 'ended', status: record.snapshot.status }
    const outcome = await phase.work(slice)
    if (stop.reason?.kind === 'refused' && phase.name !== 'totals') await fail(slice, stop.reason)
    else if (outcome === 'more') break
    else await enter(slice, phase.next(record.snapshot))
  }
  record.stalled(stalls.stalledSlices(calls.counts.calls))
  await record.write()
  return { kind: 'more', stop: stop.reason ?? { kind: 'deadline' } }
}

/** Writes down that a phase is over before the next begins: a resumed snapshot looks for unfinished machines in the right one. */
async function enter(slice: Slice, phase: PhaseName): Promise<void> {
  const { record, ports } = slice
  record.enter(phase, ports.outside.clock.now())
  await record.write()
}

/** Defender refuses the app: what was observed stays and is counted, and the snapshot ends as failed. */
async function fail(slice: Slice, { fault }: Extract<Stop, { kind: 'refused' }>): Promise<void> {
  const { lease, outside } = slice.ports
  slice.record.failed(fault)
  await lease.update({ blockedCode: fault.code, blockedDetail: fault.detail, blockedAt: atOf(outside.clock.now()) })
  await enter(slice, 'totals')
}
