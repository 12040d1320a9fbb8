import type { SnapshotShape } from '../../src/http/shapes/snapshot.ts'
import type { TenantShape } from '../../src/http/shapes/tenant.ts'
import type { Terminal } from './terminal.ts'
import { barOf, counted, grouped, percent, textTable } from './text.ts'

/** A tenant, and its snapshot that is under way, if there is one. */
export interface CustomerRow {
  tenant: TenantShape
  running?: SnapshotShape | undefined
  /** Its newest snapshot, where all of that is to be told. */
  last?: SnapshotShape | undefined
}

const BAR_WIDTH = 10
const LONGEST_NAME = 20

/** A table with a line for each tenant: how far it is, what it came to, and what is the matter. */
export function customersTable(rows: readonly CustomerRow[], terminal: Terminal): string[] {
  const { header, rows: lines } = textTable(
    [
      { title: 'tenant', of: ({ tenant }) => cut(tenant.name) },
      { title: '', of: (row) => bar(row) },
      { title: 'assessed', right: true, of: ({ tenant }) => (tenant.assessed === null ? '' : percent(tenant.assessed)) },
      { title: 'missing KBs', right: true, of: ({ tenant }) => (tenant.missing.pairs === null ? '' : grouped(tenant.missing.pairs)) },
      { title: '', of: noteOf },
    ],
    rows,
    terminal.columns - 3,
  )
  return [terminal.paint('dim', `  ${header}`), ...lines.map((line, index) => `  ${painted(line, rows[index], terminal)}`)]
}

const cut = (name: string) => (name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1)}…`)

function bar({ running, tenant }: CustomerRow): string {
  const { done, rest } = barOf(running ? running.progress : (tenant.lastSnapshot?.coverage ?? 0), BAR_WIDTH)
  return done + rest
}

function noteOf({ tenant, running, last }: CustomerRow): string {
  if (tenant.status === 'blocked') return `blocked: ${firstWords(tenant.detail ?? '')}`
  if (running) {
    const { listed, observed, unknown } = running.machines
    const asked = `${grouped(observed + unknown)} of ${counted(listed, 'machine')}`
    return running.api.throttled > 0 ? `${asked}, put off by Defender` : asked
  }
  if (tenant.status === 'starting') return 'not begun'
  return [last?.status ?? tenant.lastSnapshot?.status ?? tenant.status, ...(last ? oddities(last) : [])].join(', ')
}

/** What was not as it is with the others. */
function oddities({ machines: { silent, unknown }, api: { throttled } }: SnapshotShape): string[] {
  return [
    ...(silent ? [`${silent} silent`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(throttled > 0 ? [`put off ${counted(throttled, 'time')}`] : []),
  ]
}

/** What the platform says, without what every refusal begins with. */
function firstWords(detail: string): string {
  return /AADSTS\d+:[^.]*\./.exec(detail)?.[0] ?? detail.replace(/^[^:]* since \S+: /, '')
}

function painted(line: string, row: CustomerRow | undefined, terminal: Terminal): string {
  if (row?.tenant.status === 'blocked') return terminal.paint('red', line)
  return row?.running ? terminal.paint('yellow', line) : line
}
