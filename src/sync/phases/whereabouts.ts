import { type Fault, DEFENDER_POLICY } from '../../defender/index.ts'
import { isWanted, type ListedMachine, type Machine } from '../../domain/index.ts'
import type { Asked, Unanswered } from '../slice/call-result.ts'
import type { Slice } from '../slice/slice.ts'

/** What became of a machine that the listing did not bring. */
export type Whereabouts =
  | { kind: 'exists'; machine: ListedMachine }
  | { kind: 'gone' }
  /** It exists, and MACHINE_FILTER leaves it out. */
  | { kind: 'filteredOut' }
  | Unanswered
  | { kind: 'stopped' }

/** Whether the machine exists, by every piece of evidence that the promises ask for. */
export async function findMachine(slice: Slice, machine: Machine): Promise<Whereabouts> {
  const { calls, ports, record } = slice
  const asked = await calls.askAbout('machines', machine.machineId, (id) => ports.defender.machine(id))
  if (asked.kind === 'stopped') return asked
  if (asked.kind === 'unknown') {
    // Gone takes both: not in a listing that was read to its end, and not there by id.
    const isGone = asked.notFound >= DEFENDER_POLICY.notFoundTimes && record.snapshot.listingComplete
    return isGone ? { kind: 'gone' } : asked
  }
  const found = asked.answer.machine
  const { machineFilter, machinePlatforms } = ports.settings
  const isToBeAsked = isWanted(found.osPlatform ?? machine.osPlatform, machinePlatforms)
  return machineFilter === undefined || !isToBeAsked ? { kind: 'exists', machine: found } : findByFilter(slice, found, machineFilter)
}

/** Defender itself is asked whether MACHINE_FILTER takes the machine in; one empty answer, or 404, is no evidence. */
async function findByFilter(slice: Slice, machine: ListedMachine, machineFilter: string): Promise<Whereabouts> {
  let missed = 0
  while (missed < DEFENDER_POLICY.notFoundTimes) {
    const asked = await lookThroughFilter(slice, machine, machineFilter)
    if (asked.kind === 'answered' && asked.answer.machines.length > 0) return whatWasListed(machine, asked.answer.machines)
    missed += timesMissed(asked)
    if (asked.kind !== 'answered' && missed < DEFENDER_POLICY.notFoundTimes) return unconfirmed(asked, missed)
  }
  return slice.record.snapshot.listingComplete ? { kind: 'filteredOut' } : { kind: 'exists', machine }
}

interface ListedPage {
  kind: 'page'
  machines: ListedMachine[]
}

function lookThroughFilter({ calls, ports }: Slice, { machineId }: ListedMachine, machineFilter: string): Promise<Asked<ListedPage>> {
  const filterFor = (id: string) => `(${machineFilter}) and id eq '${id}'`
  return calls.askAbout<ListedPage>('machines', machineId, (id) => ports.defender.listMachines({ top: 1, skip: 0, filter: filterFor(id) }))
}

function timesMissed(asked: Asked<ListedPage>): number {
  if (asked.kind === 'answered') return 1
  return asked.kind === 'unknown' ? asked.notFound : 0
}

function whatWasListed({ machineId }: ListedMachine, [listed]: readonly ListedMachine[]): Whereabouts {
  if (listed?.machineId === machineId) return { kind: 'exists', machine: listed }
  return { kind: 'unknown', fault: FILTER_IGNORED, attempts: 1, notFound: 0, cutOff: false }
}

/** A machine that was not found by the filter, `missed` times and too few; that it was found by id was a call, so it may not begin anew for ever. */
function unconfirmed(asked: Unanswered | { kind: 'stopped' }, missed: number): Unanswered {
  if (asked.kind === 'unknown') return asked
  return { kind: 'unknown', fault: FILTER_UNCONFIRMED, attempts: missed, notFound: missed, cutOff: true }
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
