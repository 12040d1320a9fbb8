import type { SnapshotRef } from './answers.ts'

/** A tenant, and how it stands. */
export interface Tenant {
  tenantId: string
  name: string | null
  enabled: boolean
  status: string
  detail?: string | undefined
  lastSnapshot?: SnapshotRef | undefined
  assessed: number | null
  missing: { pairs: number | null; machines: number | null }
  stillExposedOver30Days: number | null
}

export interface TenantsAnswer {
  tenants: Tenant[]
}
