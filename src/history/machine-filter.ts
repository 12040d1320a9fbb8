import { type Machine, type ShownState, shownState } from '../domain/index.ts'
import type { Batch } from './batch.ts'

/** Which machines are wanted; undefined for any. A group that is null is that of machines without one. */
export interface MachineFilter {
  namePrefix: string | undefined
  rbacGroupName: string | null | undefined
  osPlatform: string | undefined
  state: ShownState | undefined
}

/** What a filter looks at. */
export interface FilteredMachine {
  computerDnsName: string | null
  rbacGroupName: string | null
  osPlatform: string | null
  state: ShownState
}

export function isAmong(machine: FilteredMachine, { namePrefix, rbacGroupName, osPlatform, state }: MachineFilter): boolean {
  if (namePrefix !== undefined && !machine.computerDnsName?.toLowerCase().startsWith(namePrefix.toLowerCase())) return false
  if (rbacGroupName !== undefined && machine.rbacGroupName !== rbacGroupName) return false
  if (osPlatform !== undefined && machine.osPlatform !== osPlatform) return false
  return state === undefined || machine.state === state
}

/** The wanted ones of machines in id order, page by page. */
export async function* filteredMachines<Shown, Position>(
  pages: AsyncIterable<Machine[]>,
  filter: MachineFilter,
  show: (machine: Machine) => Shown,
  positionOf: (machine: Machine) => Position,
): AsyncGenerator<Batch<Shown, Position>> {
  for await (const page of pages) {
    const last = page.at(-1)
    const rows = page.filter((machine) => isAmong({ ...machine, state: shownState(machine) }, filter))
    yield { rows: rows.map(show), looked: page.length, at: last && positionOf(last) }
  }
}
