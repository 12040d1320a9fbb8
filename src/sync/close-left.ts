import { type Fault, type Machine, DEFENDER_POLICY } from '../defender/index.ts'
import type { MachineRow } from '../store/index.ts'
import { ask } from './ask.ts'
import { isWanted, listingOf } from './list-machines.ts'
import { askConfirmed } from './observe-machines.ts'
import { type Tally, tallyOf } from './progress.ts'
import { settleGone, settleObserved, settleSkipped, settleUnknown } from './settle.ts'
import { settleEach } from './settle-each.ts'
import type { Slice } from './slice.ts'

/**
 * Settles the known machines that the listing did not bring: those that are gone are closed as `removed`, those that a setting no
 * longer takes in as `excluded`, and those that exist all the same are observed like any other, since listings flap.
 */
export function closeLeft(slice: Slice): Promise<'done' | 'more'> {
  return settleEach(slice, closeOrObserve)
}

type Whereabouts =
  | { kind: 'exists'; machine: Machine }
  | { kind: 'gone' }
  /** It exists, and MACHINE_FILTER leaves it out. */
  | { kind: 'filteredOut' }
  | Unknown
  | { kind: 'stopped' }

type Unknown = { kind: 'unknown'; fault: Fault; attempts: number; cutOff: boolean }

async function closeOrObserve(slice: Slice, row: MachineRow): Promise<Tally | undefined> {
  if (row.lastListedSnapshotId === slice.snapshotId) return observeUnlisted(slice, row)
  const whereabouts = await find(slice, row)
  switch (whereabouts.kind) {
    case 'stopped':
      return undefined
    case 'unknown':
      return unknown(slice, row, whereabouts)
    case 'gone':
      await settleGone(slice, row, 'removed')
      return tallyOf({ removed: 1 })
    case 'filteredOut':
      await settleGone(slice, row, 'excluded')
      return tallyOf({})
    case 'exists':
      return observeUnlisted(slice, await listed(slice, row, whereabouts.machine))
  }
}

/** Whether the machine exists, by every piece of evidence that the promises ask for. */
async function find(slice: Slice, row: MachineRow): Promise<Whereabouts> {
  const asked = await ask(slice, 'machines', () => slice.defender.machine(row.machineId))
  if (asked.kind === 'stopped') return asked
  if (asked.kind === 'unknown') return asked.notFound >= DEFENDER_POLICY.notFoundTimes ? gone(slice, asked) : asked
  const { machine } = asked.answer
  return isWanted(machine.osPlatform ?? row.osPlatform, slice.settings.machinePlatforms)
    ? findByFilter(slice, machine)
    : { kind: 'exists', machine }
}

/** Gone takes both: not in a listing that was read to its end, and not there by id. */
function gone(slice: Slice, asked: Unknown): Whereabouts {
  return slice.snapshot.listingComplete ? { kind: 'gone' } : asked
}

/** Defender itself is asked whether MACHINE_FILTER takes the machine in; one empty answer, or 404, is no evidence. */
async function findByFilter(slice: Slice, machine: Machine): Promise<Whereabouts> {
  const { machineFilter } = slice.settings
  if (machineFilter === undefined) return { kind: 'exists', machine }
  const filter = `(${machineFilter}) and id eq '${machine.machineId}'`
  for (let missed = 0; missed < DEFENDER_POLICY.notFoundTimes;) {
    const asked = await ask(slice, 'machines', () => slice.defender.listMachines({ top: 1, skip: 0, filter }))
    if (asked.kind === 'answered') {
      const [listed] = asked.answer.machines
      if (listed?.machineId === machine.machineId) return { kind: 'exists', machine: listed }
      if (listed) return { kind: 'unknown', fault: FILTER_IGNORED, attempts: 1, cutOff: false }
      missed += 1
    } else {
      if (asked.kind === 'unknown') missed += asked.notFound
      if (missed < DEFENDER_POLICY.notFoundTimes) return unconfirmed(asked, missed)
    }
  }
  return slice.snapshot.listingComplete ? { kind: 'filteredOut' } : { kind: 'exists', machine }
}

/** A machine that was not found by the filter, `missed` times and too few; that it was found by id was a call, so it may not begin anew for ever. */
function unconfirmed(asked: Unknown | { kind: 'stopped' }, missed: number): Unknown {
  if (asked.kind === 'unknown') return asked
  return { kind: 'unknown', fault: FILTER_UNCONFIRMED, attempts: missed, cutOff: true }
}

const FILTER_UNCONFIRMED: Fault = {
  kind: 'transient',
  status: 200,
  code: 'filterUnconfirmed',
  detail: 'MACHINE_FILTER does not list the machine, and the slice ended before Defender had said so often enough to be believed',
}

const FILTER_IGNORED: Fault = {
  kind: 'transient',
  status: 200,
  code: 'filterIgnored',
  detail: 'asked for one machine within MACHINE_FILTER, Defender answered with another one',
}

/** The row as if the listing had brought the machine. */
async function listed(slice: Slice, row: MachineRow, machine: Machine): Promise<MachineRow> {
  const listing = { ...listingOf(slice, { ...machine, machineId: row.machineId }) }
  await slice.store.machines.list(slice.tenantId, [listing])
  return { ...row, ...listing }
}

async function observeUnlisted(slice: Slice, row: MachineRow): Promise<Tally | undefined> {
  if (!row.wanted) {
    await settleSkipped(slice, row)
    return tallyOf({ skipped: 1 })
  }
  const asked = await askConfirmed(slice, row)
  if (asked.kind === 'stopped') return undefined
  if (asked.kind === 'unknown') return unknown(slice, row, asked)
  await settleObserved(slice, row, asked.answer)
  return tallyOf({ observed: 1 })
}

/** No later phase asks again, so a machine that the slice's end cut off begins anew in the next one, if it may. */
async function unknown(slice: Slice, row: MachineRow, cause: Unknown): Promise<Tally | undefined> {
  if (cause.cutOff && slice.mayBeginAnew) return undefined
  await settleUnknown(slice, row, cause, false)
  return tallyOf({ unknown: 1 })
}
