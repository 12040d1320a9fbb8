import type { KbMachine, Machine, TopMachine, UnknownMachine } from '../data/answers.ts'
import { day, days, numeral } from '../parts/figures.ts'
import { GroupName, MachineLink } from '../parts/names.tsx'
import type { Column } from '../parts/table.tsx'

const MACHINE: Column<Pick<Machine, 'machineId' | 'computerDnsName'>> = {
  title: 'Machine',
  cell: (machine) => <MachineLink {...machine} />,
}
const GROUP: Column<Pick<Machine, 'rbacGroupName'>> = {
  title: 'Group',
  isExtra: true,
  cell: ({ rbacGroupName }) => <GroupName name={rbacGroupName} />,
}
const PLATFORM: Column<Pick<Machine, 'osPlatform'>> = {
  title: 'Platform',
  isExtra: true,
  cell: ({ osPlatform }) => <bdi>{osPlatform ?? ''}</bdi>,
}
const STATE: Column<Pick<Machine, 'state'>> = { title: 'State', cell: ({ state }) => state }
const MISSING: Column<Pick<Machine, 'missing'>> = { title: 'Missing', isNumber: true, cell: ({ missing }) => counted(missing) }
const EXPOSED: Column<TopMachine> = {
  title: 'Exposed',
  isNumber: true,
  cell: ({ daysExposed, exposedAtLeast }) => (daysExposed === undefined ? '–' : days(daysExposed, exposedAtLeast)),
}

const counted = (count: number | null) => (count === null ? '–' : numeral(count))

/** The first of all machines, by what a snapshot counted. */
export const TOP_MACHINE_COLUMNS: readonly Column<TopMachine>[] = [MACHINE, GROUP, EXPOSED, MISSING]

/** Machines as a list that one looks through. */
export const MACHINE_COLUMNS: readonly Column<TopMachine>[] = [
  ...[MACHINE, GROUP, PLATFORM],
  { title: 'State', cell: ({ state, code }) => (typeof code === 'string' ? `${state}: ${code}` : state) },
  { title: 'Reported', isDate: true, isExtra: true, cell: ({ lastSeen }) => (lastSeen === null ? 'never' : day(lastSeen)) },
  MISSING,
]

/** The same in an order that knows how long each is exposed. */
export const SORTED_MACHINE_COLUMNS: readonly Column<TopMachine>[] = [...MACHINE_COLUMNS, EXPOSED]

/** Machines that miss a KB. */
export const KB_MACHINE_COLUMNS: readonly Column<KbMachine>[] = [
  ...[MACHINE, GROUP, PLATFORM],
  { title: 'Since', isDate: true, isExtra: true, cell: ({ firstMissingAt }) => day(firstMissingAt) },
  { title: 'Exposed', isNumber: true, cell: ({ daysExposed, exposedAtLeast }) => days(daysExposed, exposedAtLeast) },
  { ...STATE, isExtra: true },
]

/** Machines without an observation. */
export const UNKNOWN_COLUMNS: readonly Column<UnknownMachine>[] = [
  MACHINE,
  { title: 'Cause', cell: ({ status, code }) => [status, code].filter((part) => part !== null).join(' ') },
  { title: 'Detail', isExtra: true, cell: ({ detail }) => <bdi>{detail}</bdi> },
  { title: 'Attempts', isNumber: true, cell: ({ attempts }) => numeral(attempts) },
]
