import type { Fault, MissingKb, MissingKbsResult } from '../defender/index.ts'
import type { MachineRow } from '../store/index.ts'
import { ask, type Asked } from './ask.ts'
import { type Progress, type Tally, tallyOf } from './progress.ts'
import { hasReportedSince } from './reasons.ts'
import { settleObserved, settleSkipped, settleUnknown } from './settle.ts'
import { type Begun, settleEach } from './settle-each.ts'
import type { Slice } from './slice.ts'

type Answer = Extract<MissingKbsResult, { kind: 'observed' }>

/** Asks every listed machine of the wanted platforms what it is missing, in id order. */
export function observeMachines(slice: Slice): Promise<'done' | 'more'> {
  return settleEach(slice, observe, rowsAfterCursor)
}

/** Every machine after the cursor, with those that need no asking settled on the way. */
async function* rowsAfterCursor(slice: Slice, progress: Progress): AsyncGenerator<Begun> {
  for await (const page of slice.store.machines.pages(slice.tenantId, { machineId: slice.snapshot.cursor })) {
    for (const row of page) {
      const settled = progress.begin(row.machineId)
      const tally = settledTally(slice, row)
      if (tally) settled(tally)
      else yield { row, settled }
    }
  }
}

function settledTally(slice: Slice, row: MachineRow): Tally | undefined {
  if (row.lastListedSnapshotId !== slice.snapshotId) {
    return tallyOf({ notListed: row.state === 'removed' || row.filteredOut ? 0 : 1 })
  }
  if (row.settledSnapshotId !== slice.snapshotId) return undefined
  return tallyOf({ [row.state === '' ? 'unknown' : row.state]: 1 })
}

/** Returns undefined when the slice stopped before the machine came to anything. */
async function observe(slice: Slice, row: MachineRow): Promise<Tally | undefined> {
  if (!row.wanted) {
    await settleSkipped(slice, row)
    return tallyOf({ skipped: 1 })
  }
  const asked = await askMissingKbs(slice, row)
  if (asked.kind === 'stopped') return undefined
  if (asked.kind === 'unknown') {
    await settleUnknown(slice, row, asked, true)
    return tallyOf({ unknown: 1 })
  }
  if (needsConfirmation(row, asked.answer.kbs)) {
    await settleUnknown(slice, row, { fault: EMPTY_UNCONFIRMED, attempts: 1 }, true)
    return tallyOf({ unknown: 1 })
  }
  await settleObserved(slice, row, asked.answer)
  return tallyOf({ observed: 1 })
}

export function askMissingKbs(slice: Slice, row: MachineRow, attempts?: number): Promise<Asked<Answer>> {
  return ask<Answer>(slice, 'missingKbs', (anotherCall) => slice.defender.missingKbs(row.machineId, anotherCall), attempts)
}

/** One answer, or two where the first is empty and nothing explains it. */
export async function askConfirmed(slice: Slice, row: MachineRow, attempts?: number): Promise<Asked<Answer>> {
  const first = await askMissingKbs(slice, row, attempts)
  if (first.kind !== 'answered' || !needsConfirmation(row, first.answer.kbs)) return first
  const second = await askMissingKbs(slice, row, attempts)
  return second.kind === 'stopped' ? { kind: 'unknown', fault: EMPTY_UNCONFIRMED, attempts: 1, notFound: 0, cutOff: true } : second
}

/** Stored on a machine while its empty answer waits for the second one. */
export const EMPTY_UNCONFIRMED: Fault = {
  kind: 'transient',
  status: 200,
  code: 'emptyUnconfirmed',
  detail: 'the machine was missing KBs, has not reported since, and its answer is empty: asked once more before that is believed',
}

/** A state that turns empty without a newer report is asked once more in the same snapshot: Defender flaps. */
export function needsConfirmation(row: MachineRow, kbs: readonly MissingKb[]): boolean {
  return kbs.length === 0 && row.missing > 0 && !hasReportedSince(row)
}
