import { type Machine, type ShownState, shownState } from '../domain/index.ts'
import type { Batch } from './batch.ts'

/** Which machines are wanted; what is left out takes any. */
export interface MachineFilter {
  /** null for machines without a group. */
  rbacGroupName?: string | null | undefined
  osPlatform?: string | undefined
  /** How the machine's name begins, without regard to letter case. */
  namePrefix?: string | undefined
}

type FilteredMachine = Pick<Machine, 'computerDnsName' | 'rbacGroupName' | 'osPlatform'>

export function isAmong({ rbacGroupName, osPlatform, computerDnsName }: FilteredMachine, filter: MachineFilter): boolean {
  return (
    (filter.rbacGroupName === undefined || rbacGroupName === filter.rbacGroupName) &&
    (filter.osPlatform === undefined || osPlatform === filter.osPlatform) &&
    (filter.namePrefix === undefined || (computerDnsName?.toLowerCase().startsWith(filter.namePrefix.toLowerCase()) ?? false))
  )
}

/** The same, and in which state they have to be. */
export interface StateFilter extends MachineFilter {
  state?: ShownState | undefined
}

export const isAmongInState = (machine: FilteredMachine & { state: ShownState }, filter: StateFilter): boolean =>
  isAmong(machine, filter) && (filter.state === undefined || machine.state === filter.state)

/** The wanted ones of machines in id order, page by page. */
export async function* filteredMachines<Shown, Position>(
  pages: AsyncIterable<Machine[]>,
  filter: StateFilter,
  show: (machine: Machine) => Shown,
  positionOf: (machine: Machine) => Position,
): AsyncGenerator<Batch<Shown, Position>> {
  for await (const page of pages) {
    const last = page.at(-1)
    const rows = page.filter((machine) => isAmongInState({ ...machine, state: shownState(machine) }, filter))
    yield { rows: rows.map(show), looked: page.length, at: last && positionOf(last) }
  }
}
