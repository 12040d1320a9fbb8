import type { TenantPatch } from '../store/index.ts'

/** The row of a tenant seen for the first time, at an instant in milliseconds: the schedule counts from now. */
export function freshTenant(now: number): TenantPatch {
  const text = new Date(now).toISOString()
  return { createdAt: text, scheduledThrough: text, lastTickAt: '' }
}
