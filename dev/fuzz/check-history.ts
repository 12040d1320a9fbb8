import { type Doubts } from './doubts.ts'
import { type Evidence, idOfKey, type IntervalRow, lookOf } from './evidence.ts'
import { expectedHistory } from './expected-history.ts'
import { type FuzzMachine, LOOKS } from './fleet.ts'

/** Every machine that the case is not about has the history of a run in which nothing happened, in its intervals and in the changes. */
export function checkHistory(evidence: Evidence, doubts: Doubts): string[] {
  const { fleet } = evidence.fuzzCase
  return fleet.machines.filter(({ id }) => !doubts.touched.has(id)).flatMap((machine) => checkMachine(evidence, doubts, machine))
}

function checkMachine(evidence: Evidence, doubts: Doubts, machine: FuzzMachine): string[] {
  const { fleet } = evidence.fuzzCase
  const found = eventsOf(evidence.intervals.filter(({ machineId }) => machineId === machine.id))
  const same = (one: readonly string[], other: readonly string[]) => textOf(one, doubts) === textOf(other, doubts)
  const allLooks = Array.from({ length: LOOKS }, (_, look) => look)
  const possible = subsetsWithout(allLooks, doubts.optionalLooks(machine)).map((looks) => expectedHistory(fleet, machine, looks))
  if (!possible.some((expected) => same(expected, found)))
    return [
      `the machine ${machine.id} has ${found.join(', ') || 'no history'}; expected ${possible.map((each) => each.join(', ')).join(' or ')}`,
    ]
  return checkChanges(evidence, doubts, machine.id)
}

/** The changes of a machine are its intervals' openings and closings. */
export function checkChanges({ changes, intervals, looks }: Evidence, doubts: Doubts, machineId: string): string[] {
  const isSure = (kbId: string) => !doubts.isChangeUnsure(machineId, kbId)
  const projected = changes
    .map(({ partitionKey, rowKey, change, reason }) => ({
      key: rowKey.split('|'),
      look: lookOf(looks, partitionKey.split('|')[1]),
      change,
      reason,
    }))
    .filter(({ key }) => key[0] === machineId && isSure(idOfKey(key[1] ?? '')))
    .map(({ key, look, change, reason }) => `${look} ${idOfKey(key[1] ?? '')} ${String(change)} ${String(reason)}`)
    .sort()
  const expected = eventsOf(intervals.filter((interval) => interval.machineId === machineId && isSure(interval.kbId)))
  if (projected.join() === expected.join()) return []
  return [`the changes of ${machineId} are ${projected.join(', ')}; its intervals say ${expected.join(', ')}`]
}

function eventsOf(intervals: readonly IntervalRow[]): string[] {
  return intervals
    .flatMap(({ kbId, appeared, appearedReason, resolved, resolvedReason }) => [
      `${appeared} ${kbId} appeared ${appearedReason}`,
      ...(resolved === undefined ? [] : [`${resolved} ${kbId} resolved ${resolvedReason}`]),
    ])
    .sort()
}

const textOf = (events: readonly string[], { isFirstUnsure }: Doubts) =>
  events.map((event) => (isFirstUnsure ? event.replace(/baseline|machineAdded/, 'first') : event)).join()

function subsetsWithout(looks: readonly number[], optional: readonly number[]): number[][] {
  const [first, ...others] = optional
  if (first === undefined) return [[...looks]]
  return [
    ...subsetsWithout(looks, others),
    ...subsetsWithout(
      looks.filter((look) => look !== first),
      others,
    ),
  ]
}
