import type { TableClient, TableServiceClientOptions } from '@azure/data-tables'
import { CatalogueTable } from './catalogue-table.ts'
import { ChangesTable } from './changes-table.ts'
import { deleteTenantRows } from './delete-tenant-rows.ts'
import { ExportsTable } from './exports-table.ts'
import { KbTotalsTable } from './kb-totals-table.ts'
import { KbTrendsTable } from './kb-trends-table.ts'
import { KbsTable } from './kbs-table.ts'
import { tenantKeys } from './keys.ts'
import { MachinesTable } from './machines-table.ts'
import { MissingKbsTable } from './missing-kbs-table.ts'
import { NamesTable } from './names-table.ts'
import type { RowLog } from './row-log.ts'
import { SamplesTable } from './samples-table.ts'
import { SnapshotsTable } from './snapshots-table.ts'
import { Table } from './table.ts'
import { TenantTable } from './tenant-table.ts'
import { TenantsTable } from './tenants-table.ts'
import { transactionStatus } from './transaction-status.ts'
import { TrendsTable } from './trends-table.ts'
import { PartialTable } from './partial-table.ts'
import { redactErrors, wholeAnswer } from './whole-answer.ts'
import { ATTEMPT_TIMEOUT_MS, attemptTimeout, permitted, type WritePermit } from './write-permit.ts'

/** Opens a client for a table of this name: by connection string, or by URL and identity. */
export type OpenTable = (name: string) => TableClient

/** The tables of all tenants. */
export interface Store {
  tenants: TenantsTable
  /** Public facts about KBs, of no tenant. */
  catalogue: CatalogueTable
  /** The rows of one tenant; for a writer, who asks the permit before each write, over clients of its own. */
  of(tenantId: string, permit?: WritePermit): TenantStore
}

/** The rows of one tenant. */
export interface TenantStore {
  tenant: TenantTable
  snapshots: SnapshotsTable
  samples: SamplesTable
  machines: MachinesTable
  missingKbs: MissingKbsTable
  changes: ChangesTable
  kbs: KbsTable
  kbTotals: KbTotalsTable
  trends: TrendsTable
  partial: PartialTable
  kbTrends: KbTrendsTable
  names: NamesTable
  exports: ExportsTable
  /** Deletes all of these rows but the tenant's own: how many of each page. */
  deleteAll(): AsyncGenerator<number>
}

/** Before an answer that came in part is asked for again; each time as much more. */
const WHOLE_ANSWER_DELAY_MS = 100

/**
 * The service throttles with 503 and answers 500 while it moves partitions; both pass. The SDK waits `Retry-After` or backs off.
 * https://learn.microsoft.com/azure/storage/tables/storage-performance-checklist
 */
export const STORAGE_OPTIONS = {
  retryOptions: { maxRetries: 6, retryDelayInMs: 250, maxRetryDelayInMs: 8_000 },
  additionalPolicies: [redactErrors, wholeAnswer(WHOLE_ANSWER_DELAY_MS), transactionStatus, attemptTimeout(ATTEMPT_TIMEOUT_MS)],
} satisfies TableServiceClientOptions

/**
 * The eleven tables under one name prefix. Names are lower case: Power BI's connector refuses mixed case. `rows` is told of rows that cannot
 * be read, or that the storage does not take; without it, the first of them is an error.
 */
export function openStore(openTable: OpenTable, prefix: string, rows: Partial<RowLog> = {}): Store {
  const open = (name: string) => openTable(`${prefix}${name}`)
  const table = kept((name) => new Table(open(name), rows))
  const shared = kept((tenantId) => tenantStore(tenantId, table))
  const held = (tenantId: string, permit: WritePermit) =>
    tenantStore(
      tenantId,
      kept((name) => new Table(permitted(open(name), permit), { permit, ...rows })),
    )
  return {
    tenants: new TenantsTable(table('tenants')),
    catalogue: new CatalogueTable(table('catalogue')),
    of: (tenantId, permit) => (permit ? held(tenantId, permit) : shared(tenantId)),
  }
}

/** Each is opened once. */
function kept<T>(open: (name: string) => T): (name: string) => T {
  const opened = new Map<string, T>()
  return (name) => {
    const found = opened.get(name) ?? open(name)
    opened.set(name, found)
    return found
  }
}

function tenantStore(tenantId: string, table: (name: string) => Table): TenantStore {
  const keys = tenantKeys(tenantId)
  return {
    tenant: new TenantTable(table('tenants'), keys),
    snapshots: new SnapshotsTable(table('snapshots'), keys),
    samples: new SamplesTable(table('snapshots'), keys),
    machines: new MachinesTable(table('machines'), keys),
    missingKbs: new MissingKbsTable(table('missingkbs'), keys),
    changes: new ChangesTable((month) => table(`changes${month}`), keys),
    kbs: new KbsTable(table('kbs'), keys),
    kbTotals: new KbTotalsTable(table('kbtotals'), keys),
    trends: new TrendsTable(table('trends'), keys),
    partial: new PartialTable(table('trends'), keys),
    kbTrends: new KbTrendsTable(table('kbtrends'), keys),
    names: new NamesTable(table('names'), keys),
    exports: new ExportsTable(table('exports'), keys),
    deleteAll: () => deleteTenantRows(table, keys),
  }
}
