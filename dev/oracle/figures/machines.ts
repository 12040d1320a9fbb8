import { isOpenAt, type Ledger } from '../ledger.ts'
import { earlier, type MachineLedger } from '../machine-ledger.ts'
import type { Question } from '../question.ts'
import { instantOf, SILENT_MS } from '../words.ts'
import type { Look } from '../look.ts'
import { exposureFigures } from './exposure.ts'

/** The state of a machine as it is shown: observed without a report for 30 days is silent. */
export function stateOf(machine: MachineLedger): string {
  const { standing, observed } = machine
  if (standing !== 'observed' || !observed) return standing ?? 'unknown'
  return isSilentAt(machine) ? 'silent' : 'observed'
}

/** Whether its last observation says nothing. */
export function isSilentAt({ observed }: MachineLedger): boolean {
  return observed !== undefined && (observed.sight.lastSeen === undefined || observed.look.at - observed.sight.lastSeen > SILENT_MS)
}

/** Its columns in every list of machines. */
export function machineFigures(machineId: string, machine: MachineLedger) {
  const { listed, observed, open } = machine
  const oldest = Math.min(...open.map(({ opened }) => opened.at))
  return {
    machineId,
    computerDnsName: listed.name,
    osPlatform: listed.osPlatform,
    version: listed.version,
    rbacGroupName: listed.group,
    healthStatus: listed.healthStatus,
    lastSeen: listed.lastSeen === undefined ? null : instantOf(listed.lastSeen),
    missing: observed ? open.length : null,
    oldestMissingAt: open.length > 0 ? instantOf(oldest) : undefined,
    lastObservedSnapshotId: observed?.look.snapshotId ?? null,
    state: stateOf(machine),
  }
}

export const byId = <Item extends { machineId: string }>(a: Item, b: Item): number => (a.machineId < b.machineId ? -1 : 1)

/** Every machine ever listed, and those of each state. */
export function machinesQuestions(ledger: Ledger): Question[] {
  const machines = [...ledger.machines].map(([machineId, machine]) => machineFigures(machineId, machine)).sort(byId)
  const ofState = (state: string) => machines.filter((machine) => machine.state === state)
  return [
    { path: '/api/machines?limit=10000', expected: { machines } },
    ...['silent', 'unknown', 'removed'].map((state) => ({
      path: `/api/machines?limit=10000&state=${state}`,
      expected: { machines: ofState(state) },
    })),
    ...filters.map(([query, passes]) => ({ path: `/api/machines?limit=10000&${query}`, expected: { machines: machines.filter(passes) } })),
    ...sortedQuestions(ledger),
  ]
}

type Shown = ReturnType<typeof machineFigures>

const filters: readonly (readonly [string, (machine: Shown) => boolean])[] = [
  ['q=WS-', ({ computerDnsName }) => computerDnsName?.startsWith('ws-') === true],
  ['rbacGroup=', ({ rbacGroupName }) => rbacGroupName === null],
  ['osPlatform=Windows11&rbacGroup=Kiosks', ({ osPlatform, rbacGroupName }) => osPlatform === 'Windows11' && rbacGroupName === 'Kiosks'],
]

interface Ranked {
  machineId: string
  machine: MachineLedger
}

const FIRST = 100

/** The first of all machines in the orders that a snapshot counts; what is alike goes by id. */
export function sortedQuestions(ledger: Ledger): Question[] {
  const sorted = (sort: string, ranked: Ranked[]) => ({
    path: `/api/machines?sort=${sort}`,
    expected: {
      asOf: { snapshotId: ledger.last.snapshotId },
      complete: ranked.length <= FIRST,
      machines: ranked.slice(0, FIRST).map(({ machineId, machine }) => topFigures(machineId, machine, ledger.last)),
    },
  })
  return [sorted('oldest', oldest(ledger)), sorted('missing', worst(ledger)), sorted('unknownSince', unknown(ledger))]
}

const all = ({ machines }: Ledger): Ranked[] => [...machines].map(([machineId, machine]) => ({ machineId, machine })).sort(byId)

/** Machines that miss something, the longest exposed first. */
export const oldest = (ledger: Ledger): Ranked[] =>
  all(ledger)
    .filter(({ machine }) => machine.open.length > 0)
    .sort((a, b) => sinceOf(a.machine) - sinceOf(b.machine) || b.machine.open.length - a.machine.open.length || byId(a, b))

const worst = (ledger: Ledger): Ranked[] =>
  all(ledger)
    .filter(({ machine }) => machine.open.length > 0)
    .sort((a, b) => b.machine.open.length - a.machine.open.length || byId(a, b))

/** Machines without an observation in the last look, those first that were never observed. */
export const unknown = (ledger: Ledger): Ranked[] =>
  all(ledger)
    .filter(({ machine }) => machine.standings.get(ledger.last.snapshotId) === 'unknown')
    .sort((a, b) => (a.machine.observed?.look.at ?? 0) - (b.machine.observed?.look.at ?? 0) || byId(a, b))

const sinceOf = (machine: MachineLedger): number => Math.min(...machine.open.map(({ exposure }) => exposure.since.at))

/** The columns of a machine on a list of the first, with its oldest exposure. */
export function topFigures(machineId: string, machine: MachineLedger, look: Look) {
  const [first, ...others] = machine.open.filter((interval) => isOpenAt(interval, look)).map(({ exposure }) => exposure)
  const exposure = first && others.reduce(earlier, first)
  return { ...machineFigures(machineId, machine), ...(exposure && exposureFigures(exposure, look.at)) }
}
