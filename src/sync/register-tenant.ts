import { randomUUID } from 'node:crypto'
import { atOf, type TenantPatch, type TenantSettings, type TenantState } from '../domain/index.ts'
import { StoreError, type TenantStore } from '../store/index.ts'
import { tenantRow } from './tenant-row.ts'

/** The rows that a registration is about. */
type Rows = Pick<TenantStore, 'tenant' | 'snapshots'>

export type Registered = { kind: 'registered'; isNew: boolean; tenant: TenantState } | { kind: 'deleting' }

/** Slices write the row some times a second at most. */
const ATTEMPTS = 20

/**
 * Adds a tenant, or changes what is set for it, at an instant (ms); its schedule counts from when it is first seen. A slice under way goes on to
 * its end by what was set before. Nothing, where it is being deleted with its history.
 */
export async function registerTenant(rows: Rows, settings: TenantSettings, nowMs: number): Promise<Registered> {
  const isNew = (await rows.tenant.get()) === undefined
  if (isNew) await tenantRow(rows, nowMs, settings)
  const tenant = await change(rows, ({ deletingSince }) => (deletingSince === null ? settings : undefined))
  return !tenant || tenant.deletingSince !== null ? { kind: 'deleting' } : { kind: 'registered', isNew, tenant }
}

/** Stops reading a tenant; undefined where there is none. */
export const disableTenant = (rows: Rows): Promise<TenantState | undefined> => change(rows, () => ({ isDisabled: true }))

/**
 * Hides a tenant that is to be deleted with its history, at an instant (ms), and takes the lease from whoever has it: at the next write to the
 * row it is lost, and when it would have run out nothing of that writer's is on its way any more.
 */
export function hideTenant(rows: Rows, nowMs: number): Promise<TenantState | undefined> {
  return change(rows, ({ deletingSince }) =>
    deletingSince === null ? { isDisabled: true, deletingSince: atOf(nowMs), deletedRows: 0, leaseOwner: randomUUID() } : undefined,
  )
}

/** Changes a tenant's row, whoever else writes it; as it is then. Without a patch it stays; undefined where there is no row. */
async function change({ tenant: row }: Rows, patchFor: (tenant: TenantState) => TenantPatch | undefined): Promise<TenantState | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const read = await row.get()
    const patch = read && patchFor(read.tenant)
    if (!read || !patch) return read?.tenant
    const written = await row.patch(patch, read.etag)
    if (written.kind === 'written') return { ...read.tenant, ...patch }
  }
  throw new StoreError(`the tenant's row was written by others ${ATTEMPTS} times on end`, 'Contended')
}
