import type { z } from 'zod'
import type { diffsSummaryRoute } from '../../src/http/routes/diffs-summary.ts'
import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import type { Api } from './api.ts'
import type { ReasonCounts } from './report-tables.ts'
import type { Terminal } from './terminal.ts'
import type { TextTable } from './text.ts'

/** What a report is made of. */
export interface ReportInput {
  api: Api
  terminal: Terminal
  /** Ended ones, oldest first. */
  snapshots: readonly SnapshotShape[]
}

/** The groups of a summary by reason, of which each has one. */
export const reasonsOf = ({ groups }: z.infer<(typeof diffsSummaryRoute.responses)[200]>): ReasonCounts[] =>
  groups.map((group) => ({ ...group, key: group.key ?? '' }))

export const tableWidth = (terminal: Terminal): number => terminal.columns - 5

export const heading = (terminal: Terminal, text: string): void => terminal.print('', terminal.paint('bold', text))

export const printCall = (terminal: Terminal, address: string): void =>
  terminal.print(terminal.paint('cyan', `  curl ${/[?&]/.test(address) ? `"${address}"` : address}`))

export function printTable(terminal: Terminal, { header, rows }: TextTable): void {
  terminal.print(`    ${terminal.paint('dim', header)}`, ...rows.map((row) => `    ${row}`))
}

export function countsOf(changes: readonly { appeared: number; resolved: number }[]): { appeared: number; resolved: number } {
  const sum = (kind: 'appeared' | 'resolved') => changes.reduce((total, counts) => total + counts[kind], 0)
  return { appeared: sum('appeared'), resolved: sum('resolved') }
}

/** Two answers that must say the same. */
export function expectSame(what: string, one: unknown, other: unknown): void {
  if (JSON.stringify(one) === JSON.stringify(other)) return
  throw new Error(`Answers of the API contradict each other: ${what} are ${JSON.stringify(one)} here and ${JSON.stringify(other)} there.`)
}
