import { MACHINES_QUOTA } from '../../defender/budget/index.ts'
import { DEFENDER_POLICY } from '../../defender/index.ts'
import { isAsked, type ListedMachine, listingOf, type Machine } from '../../domain/index.ts'
import { settleGone, settleObserved, settleSkipped, settleUnknown } from '../machine/settle.ts'
import { StoreError } from '../../store/index.ts'
import type { Unanswered } from '../slice/call-result.ts'
import type { Slice } from '../slice/slice.ts'
import { askConfirmed, directAnswer } from './ask-missing-kbs.ts'
import { listingRules } from './listing.ts'
import { ANY_PHASE, type Phase } from './phase.ts'
import { settleEach } from './settle-each.ts'
import { type Tally, tallyOf } from './tally.ts'
import { findMachine } from './whereabouts.ts'

/**
 * Machines that are closed at once. Those that left take four or five calls each: half a minute's quota has to be enough for all of them
 * to come to an end, or all are cut off at the same call.
 */
const MOST_CLOSED_AT_ONCE = Math.floor(MACHINES_QUOTA.perMinute / 2 / (1 + DEFENDER_POLICY.retriesInSlice))

/**
 * Settles the known machines that the listing did not bring: those that are gone are closed as `removed`, those that a setting no
 * longer takes in as `excluded`, and those that exist all the same are observed like any other, since listings flap.
 */
export const closing: Phase = {
  ...ANY_PHASE,
  name: 'closing',
  toDo,
  work: (slice) => settleEach(slice, closing, { settle: closeOrObserve, asUnknown: tallyOf({ unknown: 1 }) }),
  next: () => 'totals',
  machinesAtOnce: (concurrency) => Math.min(ANY_PHASE.machinesAtOnce(concurrency), MOST_CLOSED_AT_ONCE),
}

async function* toDo({ record, ports }: Slice): AsyncGenerator<Machine> {
  for await (const page of ports.store.machines.unsettled(record.id, record.snapshot.cursor)) {
    yield* page.filter((machine) => machine.lastListedSnapshotId !== record.id || isAsked(machine, record.id))
  }
}

async function closeOrObserve(slice: Slice, machine: Machine): Promise<Tally | undefined> {
  if (machine.lastListedSnapshotId === slice.record.id) return observeUnlisted(slice, machine)
  const whereabouts = await findMachine(slice, machine)
  switch (whereabouts.kind) {
    case 'stopped':
      return undefined
    case 'unknown':
      return unknown(slice, machine, whereabouts)
    case 'gone':
      await settleGone(slice, machine, 'removed')
      return tallyOf({ removed: 1 })
    case 'filteredOut':
      await settleGone(slice, machine, 'excluded')
      return tallyOf({})
    case 'exists':
      return observeUnlisted(slice, await listed(slice, machine, whereabouts.machine))
  }
}

/** The machine as if the listing had brought it. */
async function listed(slice: Slice, machine: Machine, found: ListedMachine): Promise<Machine> {
  const listing = listingOf({ ...found, machineId: machine.machineId }, listingRules(slice))
  const refused = await slice.ports.store.machines.list([listing])
  // What it would be compared with next time cannot be kept: it is not observed.
  if (refused.size > 0) throw new StoreError(`the row of the machine ${machine.machineId} is refused`, 'RowRefused')
  return { ...machine, ...listing }
}

async function observeUnlisted(slice: Slice, machine: Machine): Promise<Tally | undefined> {
  if (!isAsked(machine, slice.record.id)) {
    await settleSkipped(slice, machine)
    return tallyOf({ skipped: 1 })
  }
  const asked = await askConfirmed(slice, machine)
  if (asked.kind === 'stopped') return undefined
  if (asked.kind === 'unknown') return unknown(slice, machine, asked)
  await settleObserved(slice, machine, directAnswer(slice, machine, asked.answer))
  return tallyOf({ observed: 1 })
}

/** No later phase asks again, so a machine that the slice's end cut off begins anew in the next one, if it may. */
async function unknown(slice: Slice, machine: Machine, cause: Unanswered): Promise<Tally | undefined> {
  if (cause.cutOff && slice.stalls.mayBeginAnew) return undefined
  await settleUnknown(slice, machine, cause, false)
  return tallyOf({ unknown: 1 })
}
