import { z } from 'zod'
import { TENANT_STATUSES } from '../../edge/tenant-health.ts'
import type { TenantReport } from '../../edge/tenant-report.ts'
import { snapshotRefSchema } from './snapshot-ref.ts'
import { verificationSchema } from './sample.ts'
import { address, count, instant, share } from './values.ts'

/** What may be set for a tenant, as it was; left out where the app's counts. */
const own = {
  cloud: z.string().optional(),
  region: z.string().optional(),
  machineFilter: z.string().optional(),
  machinePlatforms: z.array(z.string()).optional(),
  callsPerMinute: z.int().optional(),
  callsPerHour: z.int().optional(),
}

export const tenantSchema = z
  .object({
    tenantId: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    status: z.enum(TENANT_STATUSES),
    detail: z.string().optional().describe('What is the matter, and what to do about it.'),
    source: z.string(),
    schedule: z.string().describe('NCRONTAB, in UTC.'),
    lastSnapshot: snapshotRefSchema.optional().describe('The newest that ended.'),
    assessed: share.nullable().describe('Of the machines to be asked; null where nothing was counted.'),
    missing: z
      .object({ pairs: count.nullable(), machines: count.nullable() })
      .describe('At the end of the newest snapshot that did not fail; null before there is one. So are assessed and the exposures.'),
    stillExposedOver30Days: count.nullable().describe('Pairs of machine and KB that are exposed for more than 30 days.'),
    export: verificationSchema.optional(),
    nextStartAt: instant.nullable(),
    consentUrl: address.optional().describe('Where an administrator of the tenant lets the app in.'),
    ...own,
  })
  .describe('A tenant that the app reads, or did.')

export type TenantShape = z.infer<typeof tenantSchema>

export function toTenant({ settings, lastEndedSnapshotId: _, ...report }: TenantReport): TenantShape {
  const set = Object.keys(own).flatMap((name) => {
    const value = settings[name as keyof typeof own]
    const shown =
      name === 'machinePlatforms' && value !== null
        ? String(value)
            .split(',')
            .map((prefix) => prefix.trim())
        : value
    return shown === null ? [] : [[name, shown] as const]
  })
  const { lastSnapshot, ...rest } = report
  return { ...rest, ...(lastSnapshot && { lastSnapshot: lastSnapshot as TenantShape['lastSnapshot'] }), ...Object.fromEntries(set) }
}
