import { expect } from 'vitest'
import type { Run } from './frozen-world.ts'
import { comparableRows, type Rows } from '../../dev/comparable-rows.ts'
import { DAY, openTablesOf, REFERENCE, type World } from './world.ts'

/** Every table whose rows a snapshot of March writes. */
export const TABLES = ['snapshots', 'machines', 'missingkbs', 'changes202603', 'kbs', 'kbtotals', 'trends', 'kbtrends', 'names']

/** The second look is after a Patch Tuesday: KBs appear and are superseded, a machine joins, one leaves; and then there are the faults. */
export const LOOKS = [REFERENCE, REFERENCE + 16 * DAY]

export const NO_FAULTS = { missingRole: false, notFoundForever: false, listFlap: false } as const

/** Nothing goes wrong in the first look. In the second one machine never answers, and another drops out of the listing though it exists. */
export function setFaultsOf(look: number, { simulator }: World): void {
  const [silentMachine = '', flappingMachine = ''] = [...simulator.truth(REFERENCE)]
    .filter(([id]) => simulator.truth(LOOKS[1] ?? 0).has(id))
    .map(([id]) => id)
  const faults = { notFoundForever: { machineIds: [silentMachine] }, listFlap: { machineIds: [flappingMachine], times: 1_000_000 } }
  simulator.setFaults(look === 0 ? NO_FAULTS : faults)
}

/** Keeps a comparison meaningful: without these it would say little. */
export function expectEverythingHappens(rows: Record<string, unknown>[]): void {
  const values = (name: string) => new Set(rows.map((row) => row[name]))
  expect([...values('reason')]).toEqual(expect.arrayContaining(['baseline', 'machineAdded', 'new', 'removed', 'superseded']))
  expect([...values('state')]).toEqual(expect.arrayContaining(['observed', 'unknown', 'removed']))
  const gaps = rows.flatMap(({ kind, code, fromSnapshotId }) => (fromSnapshotId === undefined ? [] : [`${String(kind)} ${String(code)}`]))
  expect(gaps).toEqual(expect.arrayContaining(['skipped removed', expect.stringMatching(/^unknown /)]))
}

/** Every row that the looks of a run wrote. */
export function rowsOfRun({ services }: Run): Promise<Rows> {
  const openTable = openTablesOf(services)
  return comparableRows((name) => openTable(`${services.config.storage.tablePrefix}${name}`), TABLES)
}
