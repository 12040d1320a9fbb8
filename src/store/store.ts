import type { TableClient, TableServiceClientOptions } from '@azure/data-tables'
import { ChangesTable } from './changes-table.ts'
import { KbTotalsTable } from './kb-totals-table.ts'
import { KbsTable } from './kbs-table.ts'
import { MachinesTable } from './machines-table.ts'
import { MissingKbsTable } from './missing-kbs-table.ts'
import { SnapshotsTable } from './snapshots-table.ts'
import { Table } from './table.ts'
import { TenantsTable } from './tenants-table.ts'
import { transactionStatus } from './transaction-status.ts'
import { ATTEMPT_TIMEOUT_MS, attemptTimeout, permitted, type WritePermit } from './write-permit.ts'

/** Opens a client for a table of this name: by connection string, or by URL and identity. */
export type OpenTable = (name: string) => TableClient

export interface Store {
  tenants: TenantsTable
  snapshots: SnapshotsTable
  machines: MachinesTable
  missingKbs: MissingKbsTable
  changes: ChangesTable
  kbs: KbsTable
  kbTotals: KbTotalsTable
  /** The same tables for a writer who asks before each write. */
  heldBy(permit: WritePermit): Store
}

/**
 * The service throttles with 503 and answers 500 while it moves partitions; both pass. The SDK waits `Retry-After` or backs off.
 * https://learn.microsoft.com/azure/storage/tables/storage-performance-checklist
 */
export const STORAGE_OPTIONS = {
  retryOptions: { maxRetries: 6, retryDelayInMs: 250, maxRetryDelayInMs: 8_000 },
  additionalPolicies: [transactionStatus, attemptTimeout(ATTEMPT_TIMEOUT_MS)],
} satisfies TableServiceClientOptions

/** The seven tables under one name prefix. Names are lower case: Power BI's connector refuses mixed case. */
export function openStore(openTable: OpenTable, prefix: string, permit?: WritePermit): Store {
  const open = (name: string) => openTable(`${prefix}${name}`)
  const table = (name: string) => (permit ? new Table(permitted(open(name), permit), permit) : new Table(open(name)))
  const months = new Map<string, Table>()
  const changesOfMonth = (month: string) => {
    let found = months.get(month)
    if (!found) months.set(month, (found = table(`changes${month}`)))
    return found
  }
  return {
    tenants: new TenantsTable(table('tenants')),
    snapshots: new SnapshotsTable(table('snapshots')),
    machines: new MachinesTable(table('machines')),
    missingKbs: new MissingKbsTable(table('missingkbs')),
    changes: new ChangesTable(changesOfMonth),
    kbs: new KbsTable(table('kbs')),
    kbTotals: new KbTotalsTable(table('kbtotals')),
    heldBy: (lease) => openStore(openTable, prefix, lease),
  }
}
